"""Encoders of fewer layers, taught by the one that they were cut from or by another.

An extra (torch). `shrink.py` cuts layers out of a folder, `view.py` watches what an encoder makes of texts, `losses.py`
compares student and teacher, `styles.py` says which losses count, `distilling.py` is the training; `query_side.py` is
for students that only ask an index that stays as it is (KALE).
"""
