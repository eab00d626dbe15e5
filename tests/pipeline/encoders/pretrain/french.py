"""A little French that says few things often: what tiny networks can learn in seconds."""

from itertools import product

SIGNS = (
    "la douleur",
    "la tumeur",
    "la plaie",
    "l'infection",
    "l'œdème",
    "le gonflement",
    "la brûlure",
    "la lésion",
)
PARTS = ("du foie", "du rein", "du cœur", "de la peau", "de l'œil", "du nez", "de la main", "du pied", "de la dent",
         "du cou", "de l'épaule", "du genou")  # fmt: skip
TIMES = ("passe", "revient", "s'aggrave", "dure")
WHEN = ("le matin", "le soir", "la nuit", "après l'effort", "au repos", "sans raison")
LINES = [" ".join(words) for words in product(SIGNS, PARTS, TIMES, WHEN)]
PIECES = 140
SYMPTOMS = ("toux", "fièvre", "nausée", "vertige", "rhume", "rougeur", "fatigue", "insomnie", "crampe", "frisson")
DIARY = [" ".join([symptom] * days) for symptom in SYMPTOMS for days in range(4, 64)]
"""What is hidden stands all around it: guessed after a hundred steps."""
DIARY_PIECES = 84
