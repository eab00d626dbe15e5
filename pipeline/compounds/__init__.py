"""Neoclassical compounds of medicine (hypo- + natr- + -émie): their formants, and what they say in everyday words.

The knowledge is three tables beside this file, written for this project; a reader mends a wording there, not here:
- `formants.tsv`: prefixes, roots and suffixes with their meanings in French and English;
- `patterns.tsv`: how prefix, root and suffix together are worded;
- `words.tsv`: whole words that mean more than their parts (leucémie), and false friends, which have no wording.
"""

from pipeline.compounds.analysis import Analysis, Segment, Word, analyse
from pipeline.compounds.explain import explanation
from pipeline.compounds.letters import fold
from pipeline.compounds.paraphrase import paraphrases
from pipeline.compounds.tables import Formant, Language

__all__ = ["Analysis", "Formant", "Language", "Segment", "Word", "analyse", "explanation", "fold", "paraphrases"]
