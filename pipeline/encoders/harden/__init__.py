"""An encoder of queries that misspelling does not lead astray, for an index that stays as it is (CAPOT, Campos et al.
2023: Noise-robust dense retrieval via contrastive alignment post training).

An extra (torch). `queries.py` draws texts and misspells them, `losses.py` says what a step compares, `hardening.py`
is the training, `space.py` tells whether an index can be asked, `looking.py` measures on the way. Vectors of target
strings are and remain those of the encoder before: nothing of an index is encoded anew.
"""
