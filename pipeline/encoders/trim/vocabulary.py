"""tokenizer.json as data: its pieces, the ids that it mentions, and what is left of it when pieces go.

The format is that of the library `tokenizers`. Scores are taken over as they stand, so that they are read to the
same bits.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from pipeline.errors import EncoderError

Spec = dict[str, Any]
KINDS = ("Unigram", "WordPiece", "BPE")


def read(path: Path) -> tuple[Spec, Tokenizer]:
    """The file's content, and the tokenizer that it makes, without truncation and padding.

    Raises EncoderError where it is damaged or cuts texts in a way that trimming does not know.
    """
    try:
        tokenizer = Tokenizer.from_file(str(path))
        spec = json.loads(path.read_text("utf-8"))
    except Exception as error:  # tokenizers raises Exception itself
        raise EncoderError(f"{path}: {error}; is it whole? Export the encoder again") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    spec["model"].setdefault("type", type(tokenizer.model).__name__)  # old files leave it out
    _check(path, spec["model"])
    return spec, tokenizer


def write(spec: Spec, path: Path) -> None:
    path.write_text(json.dumps(spec, ensure_ascii=False, separators=(",", ":")), "utf-8")


def pieces(spec: Spec) -> dict[int, str]:
    """Id -> piece, added ones included."""
    vocabulary = spec["model"]["vocab"]
    if spec["model"]["type"] == "Unigram":
        found = dict(enumerate(piece for piece, _ in vocabulary))
    else:
        found = {number: piece for piece, number in vocabulary.items()}
    return found | {added["id"]: added["content"] for added in spec["added_tokens"]}


def mentioned(spec: Spec) -> set[int]:
    """Ids outside of the vocabulary itself: added tokens, what a text is framed by, padding, the unknown piece."""
    found = set()

    def note(number: int) -> int:
        found.add(number)
        return number

    _renumbered(spec, note)
    unknown = unknown_id(spec)
    return found if unknown is None else found | {unknown}


def unknown_id(spec: Spec) -> int | None:
    """The id that stands for what has no piece; None where that cannot happen."""
    model = spec["model"]
    if model["type"] == "Unigram":
        return model["unk_id"]
    return model["vocab"].get(model.get("unk_token"))


def merges(spec: Spec) -> Iterator[tuple[str, str]]:
    """BPE's pairs by rank; files hold them as pairs or as `left right`."""
    for merge in spec["model"].get("merges", ()):
        left, right = merge.split(" ") if isinstance(merge, str) else merge
        yield left, right


def only(spec: Spec, ids: Sequence[int]) -> Spec:
    """The same tokenizer with the pieces `ids`, ascending, numbered from 0 in their order."""
    new = {old: place for place, old in enumerate(ids)}
    left = _renumbered(spec, new.__getitem__)
    model = dict(left["model"])
    vocabulary = spec["model"]["vocab"]
    if model["type"] == "Unigram":
        model["vocab"] = [vocabulary[old] for old in ids if old < len(vocabulary)]
    else:
        model["vocab"] = {piece: new[old] for piece, old in vocabulary.items() if old in new}
    if "merges" in model:
        model["merges"] = _possible(spec, model["vocab"])
    return left | {"model": model}


def _possible(spec: Spec, vocabulary: dict[str, int]) -> list[Any]:
    pairs = zip(spec["model"]["merges"], merges(spec), strict=True)
    return [merge for merge, (a, b) in pairs if {a, b, a + b} <= vocabulary.keys()]


def _renumbered(spec: Spec, new: Callable[[int], int]) -> Spec:
    """A copy with every id outside of the vocabulary passed through `new`; the vocabulary is shared."""
    left, model = dict(spec), dict(spec["model"])
    left["added_tokens"] = [added | {"id": new(added["id"])} for added in spec["added_tokens"]]
    if spec.get("post_processor"):
        left["post_processor"] = _processor(spec["post_processor"], new)
    if spec.get("padding"):
        left["padding"] = spec["padding"] | {"pad_id": new(spec["padding"]["pad_id"])}
    if model.get("unk_id") is not None:
        model["unk_id"] = new(model["unk_id"])
    return left | {"model": model}


def _processor(processor: Spec, new: Callable[[int], int]) -> Spec:
    match processor["type"]:
        case "Sequence":
            return processor | {"processors": [_processor(part, new) for part in processor["processors"]]}
        case "TemplateProcessing":
            tokens = processor["special_tokens"].items()
            return processor | {"special_tokens": {k: v | {"ids": _each(v["ids"], new)} for k, v in tokens}}
        case "BertProcessing" | "RobertaProcessing":
            return processor | {end: [processor[end][0], new(processor[end][1])] for end in ("sep", "cls")}
    return processor


def _each(ids: Iterable[int], new: Callable[[int], int]) -> list[int]:
    return [new(number) for number in ids]


def _check(path: Path, model: Spec) -> None:
    if model["type"] not in KINDS:
        raise EncoderError(
            f"{path}: a vocabulary of kind {model['type']}, expected {', '.join(KINDS)}; "
            "register the encoder without trimming"
        )
    drawn = [key for key in ("dropout", "alpha") if model.get(key)]
    if drawn or (model["type"] == "BPE" and model.get("continuing_subword_prefix")):
        raise EncoderError(
            f"{path}: the model sets {', '.join(drawn) or 'continuing_subword_prefix'}, with which no set of "
            "pieces is known to be enough; register the encoder without trimming"
        )
