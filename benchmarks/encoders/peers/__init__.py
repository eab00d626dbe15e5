"""How each contender is made and run: a module each, with `load` and, where something must be made, `make`.

    make(source, out, texts, **settings)           write into the empty folder `out` what `load` reads
    load(model, threads=…, **settings) -> Encode   the folder made, or the source itself

`source` is a sentence-transformers folder (or what `Contender.after` names). A module imports nothing at its top that
another environment lacks; only lexalign.py imports Lexalign.
"""

from collections.abc import Callable, Sequence

import numpy as np

Encode = Callable[[Sequence[str]], np.ndarray]
"""Texts to float32 [texts, dimension] in their order, of any length: those who compare normalise."""
