"""Concepts of a UMLS release: looked up by CUI, and found by their names."""
