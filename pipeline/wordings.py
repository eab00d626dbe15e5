"""What a terminology's French compounds say in everyday words, asked beside their names: an entry such as "diminution
du nombre de globules blancs" meets leucopénie there, where the name alone shares no word with it."""

import numpy as np

from pipeline.compounds import paraphrases
from pipeline.terms import Terms

Worded = tuple[np.ndarray, list[str]]
"""(int64 [n], n texts): text i words `strings[string[i]]` of the terms, ascending."""
NOTHING: Worded = (np.empty(0, np.int64), [])


def wordings(terms: Terms) -> Worded:
    """Of the French strings."""
    english = np.zeros(len(terms.strings), bool)
    english[terms.string[terms.english]] = True
    found = [
        (number, said)
        for number in np.flatnonzero(~english).tolist()
        for said in paraphrases(terms.strings[number], "fr")
    ]
    return np.array([number for number, _ in found], np.int64), [said for _, said in found]
