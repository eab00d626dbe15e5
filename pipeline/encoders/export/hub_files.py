"""Which files of a hub's repository an encoder needs: no copies for other runtimes, no code."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

MODULE = re.compile(r"\d+_\w+")  # sentence-transformers' folders of modules: 1_Pooling, 2_Dense
WANTED = re.compile(
    r"config\.json|modules\.json|config_sentence_transformers\.json|sentence_[\w-]+_config\.json|README\.md"
    r"|tokenizer\.json|tokenizer_config\.json|special_tokens_map\.json|added_tokens\.json|vocab\.(txt|json)"
    r"|merges\.txt|bpe\.codes|(sentencepiece\.bpe|spm|spiece|tokenizer)\.model"
)
WEIGHTS = (  # the first of these that a folder has is taken
    re.compile(r"model(-\d+-of-\d+)?\.safetensors|model\.safetensors\.index\.json"),
    re.compile(r"pytorch_model(-\d+-of-\d+)?\.bin|pytorch_model\.bin\.index\.json"),
)


def needed(names: Iterable[str]) -> list[str]:
    """Those of the names, which are paths with `/`, that an encoder needs, in alphabetical order."""
    folders: dict[str, list[str]] = {}
    for name in names:
        folder, _, base = name.rpartition("/")
        if not folder or MODULE.fullmatch(folder):
            folders.setdefault(folder, []).append(base)
    return sorted(
        str(PurePosixPath(folder, base)) for folder, bases in folders.items() for base in _of_one_folder(bases)
    )


def _of_one_folder(bases: list[str]) -> list[str]:
    found = [base for base in bases if WANTED.fullmatch(base)]
    kinds = ([base for base in bases if kind.fullmatch(base)] for kind in WEIGHTS)
    return found + next((kind for kind in kinds if kind), [])
