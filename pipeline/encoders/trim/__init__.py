"""A multilingual encoder with the words that our texts use: a smaller table, the same vectors.

Covered is a text whose pieces were all kept: it is cut into the same pieces, which gather the same rows, so its
vector is the same to the bit. This holds of every text, not only of those that chose the pieces:

- Unigram (XLM-R, E5): the best of the cuts stays available at the same score, the others can only disappear. A
  letter that lost its piece costs what an unknown one costs, ten below the lowest score: the piece with the lowest
  score is kept, so that this price stays and is worse than the piece was.
- BPE: a merge is the first by rank among the possible ones. Kept pieces keep all that they are merged from, so the
  merges of a covered word stay, in their order, and no new ones come.
- WordPiece: the longest piece that fits stays the longest. A word that has no cut (`[UNK]` as a whole) might get
  one when a longer piece goes: the proof finds such words of the corpus, and all that stands in them is kept. So
  for texts with unknown words, and only those, the promise is about the corpus alone.

Where the tokenizer cuts at spaces first, as XLM-R's does, a text is covered when its words are; so texts joined by
a space are. Joined without one they make a new word, which may not be.

A text that is not covered falls apart into smaller kept pieces, in the end into single letters and signs; a letter
that was not kept either (of another script) becomes the unknown piece. Texts with the unknown piece can be counted
from their ids alone (`Trimmed.unknown_id`); which texts are covered takes the whole tokenizer, which stays in the
folder as tokenizer.whole.json (`coverage.of_folder`).
"""
