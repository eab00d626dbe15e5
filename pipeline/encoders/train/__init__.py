"""Self-alignment of an encoder on names of the same concept, French and English, learned and lay.

An extra (torch). `lessons.py` holds what is taught, `sources` read it from open data and from a project, `apart.py`
keeps the concepts out that are measured on; `batches.py` draws, `losses.py` compares, `loop.py` trains and goes on
after a kill.
"""
