"""A vocabulary of letters, and the medical strings that go through it."""

from functools import cache

MARKERS = ("[UNK]", "[PAD]", "[CLS]", "[SEP]", "[MASK]")  # the padding is 1 in RoBERTa's family and in MPNet
TEXTS = (
    "",
    "fièvre",
    "Fièvre",
    "œdème de Quincke",
    "ŒDÈME AIGU DU POUMON",
    "ﬁbrose hépatique",
    "cœur qui bat trop vite",
    "taux de β-hCG > 5 UI/l",
    "l’hypertension (stade 2), 12,5 %",
    "L'insuffisance rénale chronique",
    "high blood pressure",
    "  chest   pain\tand\nfever ",
    "covid-19 🤒🦠",
    "e\u0301pistaxis",  # a letter and its accent apart
    "[MASK] de la douleur [SEP]",
    "maladie de Parkinson " * 60,
)


@cache
def word_pieces() -> tuple[str, ...]:
    """Letters and signs of TEXTS, at the start of a word and within, with a few whole words."""
    letters = sorted({letter for text in TEXTS for letter in text.lower() + text if not letter.isspace()} - {"🦠"})
    words = ("maladie", "de", "douleur", "fievre", "pain", "##ction")
    return (*MARKERS, *letters, *(f"##{letter}" for letter in letters), *words)
