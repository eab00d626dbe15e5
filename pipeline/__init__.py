"""Lexalign's pipeline: files -> tables -> vectors -> candidates."""

__version__ = "0.1.0"
