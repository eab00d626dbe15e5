"""Weights that a package carries in a form of its own, as a folder to train from:
`python -m pipeline.encoders.convert --help`

Needs the extra `models`.
"""
