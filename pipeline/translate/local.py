"""Translation on the user's own machine: a folder with a CTranslate2 or a Marian model. Nothing is downloaded.

Bilingual models (Opus-MT and the like) only: models of many languages want language tokens that are not sent here.
"""

import importlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline.errors import TranslationError
from pipeline.extras import INSTALL

LONGEST = 512  # tokens: the positions that Marian models are trained on
LAYOUTS = {
    "CTranslate2": "model.bin, config.json and either source.spm + target.spm or tokenizer.json",
    "Marian (transformers)": "config.json with model_type marian, model.safetensors or pytorch_model.bin, "
    "source.spm, target.spm, vocab.json",
}


class LocalTranslator:
    """A contracts.Translator; `sends` is None. Raises TranslationError where the folder holds neither layout."""

    sends: str | None = None

    def __init__(self, folder: Path, *, source: str = "fr", target: str = "en", threads: int = 0) -> None:
        self.source, self.target = source, target
        self.name = f"local:{folder.resolve().name}"
        self._run = _engine(folder, threads)

    def translate(self, texts: Sequence[str]) -> list[str]:
        """As many translations as texts, in their order. Raises TranslationError for one of over 512 tokens."""
        return self._run(list(texts)) if texts else []


def _engine(folder: Path, threads: int) -> Callable[[list[str]], list[str]]:
    if (folder / "model.bin").is_file():
        return _ctranslate2(folder, threads)
    if _config(folder).get("model_type") == "marian":
        return _marian(folder, threads)
    found = ", ".join(sorted(path.name for path in folder.iterdir())[:8]) if folder.is_dir() else "no such folder"
    layouts = "; or ".join(f"{name}: {files}" for name, files in LAYOUTS.items())
    raise TranslationError(f"{folder}: found {found or 'an empty folder'}, expected {layouts}")


def _ctranslate2(folder: Path, threads: int) -> Callable[[list[str]], list[str]]:
    engine = _need("ctranslate2")
    cut, join = _pieces(folder)
    closing = [] if _config(folder).get("add_source_eos") else ["</s>"]
    try:
        model = engine.Translator(str(folder), device="cpu", intra_threads=threads)
    except (RuntimeError, ValueError) as error:
        raise TranslationError(
            f"{folder}: ctranslate2 cannot load it ({error}); convert the model again"
        ) from error

    def run(texts: list[str]) -> list[str]:
        tokens = [_short_enough(cut(text), text) for text in texts]
        results = model.translate_batch(
            [pieces + closing for pieces in tokens],
            beam_size=4,
            max_batch_size=2048,
            batch_type="tokens",
            max_input_length=0,  # its default cuts long texts in silence; _short_enough refuses them instead
            max_decoding_length=LONGEST,
        )
        return [join(result.hypotheses[0]) for result in results]

    return run


def _pieces(folder: Path) -> tuple[Callable[[str], list[str]], Callable[[list[str]], str]]:
    """Text to tokens and tokens to text, without the closing token, from whichever tokenizer the folder has."""
    if (folder / "source.spm").is_file() and (folder / "target.spm").is_file():
        processor = _need("sentencepiece").SentencePieceProcessor
        source = processor(model_file=str(folder / "source.spm"))
        target = processor(model_file=str(folder / "target.spm"))
        return (lambda text: source.encode(text, out_type=str)), target.decode
    if (folder / "tokenizer.json").is_file():
        whole = _need("tokenizers").Tokenizer.from_file(str(folder / "tokenizer.json"))
        return (
            lambda text: whole.encode(text, add_special_tokens=False).tokens,
            lambda tokens: whole.decode([i for i in map(whole.token_to_id, tokens) if i is not None]),
        )
    raise TranslationError(
        f"{folder}: no tokenizer, expected source.spm and target.spm, or tokenizer.json; copy them from the model "
        "that was converted (ct2-transformers-converter --copy_files source.spm target.spm)"
    )


def _marian(folder: Path, threads: int) -> Callable[[list[str]], list[str]]:
    torch, transformers = _need("torch"), _need("transformers")
    _need("sentencepiece")  # MarianTokenizer fails without it, in words that do not say so
    if threads:
        torch.set_num_threads(threads)
    try:
        tokenizer: Any = transformers.MarianTokenizer.from_pretrained(folder, local_files_only=True)
        model: Any = transformers.MarianMTModel.from_pretrained(folder, local_files_only=True).eval()
    except (OSError, ValueError, TypeError) as error:
        raise TranslationError(
            f"{folder}: not a whole Marian model ({error}); expected {LAYOUTS['Marian (transformers)']}"
        ) from error

    def run(texts: list[str]) -> list[str]:
        for text in texts:
            _short_enough(tokenizer.tokenize(text), text)
        with torch.inference_mode():
            batch = tokenizer(texts, return_tensors="pt", padding=True)
            answers = model.generate(**batch, num_beams=4, max_length=LONGEST)
        return tokenizer.batch_decode(answers, skip_special_tokens=True)

    return run


def _short_enough(tokens: list[str], text: str) -> list[str]:
    if len(tokens) >= LONGEST:
        raise TranslationError(
            f"a text of {len(tokens)} tokens, expected under {LONGEST}; split or leave out “{text[:40]}”"
        )
    return tokens


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        return json.loads(path.read_text(encoding="utf8")) if path.is_file() else {}
    except ValueError as error:
        raise TranslationError(f"{path}: not JSON ({error}); copy the model again") from error


def _need(module: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise TranslationError(
            f"local translation needs {module}, which is not installed; run {INSTALL}"
        ) from error
