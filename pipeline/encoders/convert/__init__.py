"""Weights that packages carry, in forms of their own, as encoders or as folders to train from:
`python -m pipeline.encoders.convert --help`

Needs the extra `models`.
"""
