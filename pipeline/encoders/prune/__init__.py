"""Structured pruning of an encoder without training (Kwon et al. 2022; Mirzabeigi and Barani 2025).

An extra (torch). `parts.py` finds attention heads and FFN neurons, `masks.py` dims them, `scores.py` says what each is
worth, `budget.py` chooses, `rearrange.py` swaps within a layer, `tune.py` makes up for what went, `fold.py` writes it
into the weights, `run.py` does all of it in a folder; `narrow.py` (onnx) makes the exported graph as small as the
zeros allow.
"""
