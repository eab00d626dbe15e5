"""A small French masked language model from text at hand, within a stated budget: what an encoder can be taught from
where none may be fetched (Fierens and Jodogne 2023, "cramming" a French BERT into one day on one GPU; Geiping and
Goldstein 2022, "Cramming: training a language model on a single GPU in one day"; Devlin et al. 2019, masked language
modelling).

An extra (torch). `text.py` reads, `vocabulary.py` learns the word pieces, `corpus.py` cuts and packs, `masking.py`
hides, `starts.py` says what learns as it begins, `guesser.py` is it, `pretraining.py` the training, `looking.py`
measures on text held out. Guessing words does not pair names of one concept, so that what comes out of here is no
encoder of meanings: `lexalign encoders train` makes one of it. For the same reason nothing is kept apart: text that
speaks of a concept that is measured on says nowhere which names it has; who wants to be sure leaves it out of --text.
"""
