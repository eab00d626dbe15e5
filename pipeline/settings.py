"""The settings of a project: one frozen object, read once from lexalign.toml."""

import dataclasses
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pipeline.errors import FormatError, WorkspaceError

EntryText = Literal["term", "explanation", "both", "mean"]
Device = Literal["auto", "cpu", "cuda"]


BOX = {"lexalign-e5": 2, "lexalign-minilm": 1}
"""The encoders in the box, and their weights in the merge, chosen on open right answers (docs/encoders.md)."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """What a run depends on. `weights`: of the encoders in the merge, in their order; where there are none, the box's
    for the encoders in the box, else equal ones; `entry_text`: which text of an entry is encoded ("both" joins term
    and explanation, "mean" takes the mean of their vectors); `top_k`: candidates an encoder; `translator`: for
    encoders that need English, "none" where all read French; `normalise`: whether texts are normalised before they
    are encoded; `wordings`: whether French compounds of the terminology are also asked by what their parts say;
    `definitions`: whether concepts are also asked by the first sentence of their definitions; `gathered`:
    whether a concept's strings are drawn toward what they have in common (`pipeline.gathered`); `lemmas`: "simplemma",
    or the name or folder of an installed (sci)spaCy model for English; `threads` 0 is every core; `batch_tokens` of a
    call, 0 as each encoder's card says; `device` "auto" takes a GPU where there is one and the encoder's precision
    fits it."""

    title: str = "Lexalign"
    encoders: tuple[str, ...] = tuple(BOX)
    weights: tuple[int, ...] = ()
    entry_text: EntryText = "mean"
    top_k: int = 10
    languages: tuple[str, ...] = ("FRE", "ENG")
    translator: str = "none"
    normalise: bool = False
    wordings: bool = True
    definitions: bool = True
    gathered: bool = True
    lemmas: str = "simplemma"
    threads: int = 0
    batch_tokens: int = 0
    device: Device = "auto"

    def __post_init__(self) -> None:
        for name, kind in get_type_hints(type(self)).items():
            _check(name, getattr(self, name), kind)
        if self.top_k < 1 or min(self.batch_tokens, self.threads) < 0 or not self.encoders:
            raise FormatError(
                "settings: top_k must be 1 or more, threads and batch_tokens 0 or more, and encoders "
                f"name at least one; found {self}"
            )
        if self.weights and (len(self.weights) != len(self.encoders) or min(self.weights) < 1):
            raise FormatError(
                f"settings: weights {list(self.weights)}, expected one of 1 or more for each of "
                f"{', '.join(self.encoders)}, or none"
            )

    def shares(self, encoders: Sequence[str]) -> list[float]:
        """Of each encoder's score in the merged one; they sum to 1."""
        if self.weights and tuple(encoders) == self.encoders:
            weights = list(self.weights)
        elif set(encoders) == set(BOX):
            weights = [BOX[name] for name in encoders]
        else:
            weights = [1] * len(encoders)
        return [weight / sum(weights) for weight in weights]


def read(path: Path) -> Settings:
    """Raises WorkspaceError where the file is absent, FormatError where a key or value is not known."""
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf8"))
    except FileNotFoundError:
        raise WorkspaceError(
            f"{path.parent}: no lexalign.toml; make a project with `lexalign init {path.parent}`"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FormatError(f"{path}: {error}; expected TOML in UTF-8") from error
    known = {field.name for field in dataclasses.fields(Settings)}
    if unknown := sorted(set(values) - known):
        raise FormatError(f"{path}: unknown key {', '.join(unknown)}; expected {', '.join(sorted(known))}")
    found: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in values.items()
    }
    return Settings(**found)


def changed(settings: Settings, **values: Any) -> Settings:
    """With the values that are not None; an encoder named twice counts once; weights are those of the encoders that
    they were given for."""
    given = {name: value for name, value in values.items() if value is not None}
    if "encoders" in given:
        given["encoders"] = tuple(dict.fromkeys(given["encoders"]))
        if given["encoders"] != settings.encoders:
            given.setdefault("weights", ())
    return dataclasses.replace(settings, **given)


def to_toml(settings: Settings) -> str:
    """The file that `read` reads back."""
    lines = []
    for field in dataclasses.fields(Settings):
        value = getattr(settings, field.name)
        shown = f"[{', '.join(map(_quoted, value))}]" if isinstance(value, tuple) else _quoted(value)
        lines.append(f"{field.name} = {shown}")
    return "\n".join(lines) + "\n"


def _quoted(value: str | int) -> str:
    if isinstance(value, int):
        return str(value).lower()
    escaped = "".join(
        f"\\u{ord(c):04X}" if ord(c) < 32 or c == "\x7f" else c
        for c in value.replace("\\", "\\\\").replace('"', '\\"')
    )
    return f'"{escaped}"'


def _check(name: str, value: Any, kind: Any) -> None:
    if get_origin(kind) is Literal:
        right = value in get_args(kind)
        expected = " or ".join(map(str, get_args(kind)))
    elif get_origin(kind) is tuple:
        item = get_args(kind)[0]
        right = isinstance(value, tuple) and all(type(one) is item for one in value)
        expected = "a list of strings" if item is str else "a list of whole numbers"
    else:
        right, expected = type(value) is kind, kind.__name__
    if not right:
        raise FormatError(f"settings: {name} is {value!r}, expected {expected}; mend it in lexalign.toml")
