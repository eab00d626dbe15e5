"""An encoder on ONNX Runtime: exact-length buckets, so nothing is padded, and one thread a call."""

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from pipeline.encoders.card import Card
from pipeline.errors import EncoderError
from pipeline.files import sha256

OUTPUT = "sentence_embedding"
PROBE = ("fièvre", "douleur dans la poitrine", "high blood pressure and a very long list of other words")


class OnnxEncoder:
    """Texts to unit vectors with a folder's model. Raises EncoderError where the model is damaged or misshapen.

    A call of the session sees texts of one token length only and runs on one thread; several calls run side by
    side. So neither batch-mates nor the number of threads can reach a vector. Calls have `min_rows` rows or more
    (the last row repeated), since kernels are chosen by the number of rows.
    """

    def __init__(self, card: Card, *, threads: int = 0, batch_tokens: int = 2048) -> None:
        self.card = card
        self.name = card.name
        self.dimension = card.dimension
        self.precision = card.precision
        self.languages = card.languages
        self.threads = threads or _cores()
        self.batch_tokens = batch_tokens
        self.truncated = 0
        self._tokenizer = _tokenizer(card)
        self._session = _session(card)
        self._inputs = [entry.name for entry in self._session.get_inputs()]
        self.fingerprint = self._fingerprint()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Float32 [len(texts), dimension], rows in the order of `texts`, of length one.

        Texts over `max_length` tokens are cut there and counted in `truncated`. Pooling is in the model's graph:
        the mean over a text's own positions, as sentence-transformers has it.
        """
        rows, tokens = self._tokenise(texts)
        vectors = np.empty((len(tokens), self.dimension), np.float32)
        with ThreadPoolExecutor(self.threads) as pool:
            for places, found in pool.map(self._run, _batches(tokens, self.batch_tokens)):
                vectors[places] = found
        self._check(vectors)
        return vectors[rows]

    def _tokenise(self, texts: Sequence[str]) -> tuple[np.ndarray, list[list[int]]]:
        """Token ids of each distinct sequence, and for each text the place of its own: what is the same to the
        model is encoded once."""
        places: dict[tuple[int, ...], int] = {}
        rows = np.empty(len(texts), np.int64)
        encodings = self._tokenizer.encode_batch_fast([self._spelt(text) for text in texts])
        for row, encoding in enumerate(encodings):
            self.truncated += bool(encoding.overflowing)
            rows[row] = places.setdefault(tuple(encoding.ids), len(places))
        return rows, [list(ids) for ids in places]

    def _spelt(self, text: str) -> str:
        return self.card.prefix + (text.lower() if self.card.lowercase else text)

    def _run(self, batch: tuple[list[int], np.ndarray]) -> tuple[list[int], np.ndarray]:
        places, ids = batch
        if lacking := max(0, self.card.min_rows - len(ids)):
            ids = np.concatenate([ids, np.repeat(ids[-1:], lacking, axis=0)])
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        try:
            [found] = self._session.run([OUTPUT], {name: feeds[name] for name in self._inputs})
        except Exception as error:  # onnxruntime has no error class of its own above Exception
            raise EncoderError(
                f"{self.card.folder}/model.onnx: {error}; is it whole? Install Lexalign again"
            ) from error
        return places, found[: len(places)]

    def _check(self, vectors: np.ndarray) -> None:
        lengths = np.linalg.norm(vectors, axis=1)
        if not np.allclose(lengths, 1, atol=1e-3):  # NaN is close to nothing, so it ends here too
            wrong = int(np.argmax(~np.isclose(lengths, 1, atol=1e-3)))
            raise EncoderError(
                f"{self.name}: a vector of length {lengths[wrong]} (number {wrong} of {len(vectors)}), "
                "expected 1; the model is damaged or of another kind"
            )

    def _fingerprint(self) -> str:
        """Files and settings, then what this machine makes of three texts: the bits depend on its instruction set
        and on the runtime's version."""
        card = self.card
        made_of = [
            card.model_sha256,
            sha256(card.folder / "tokenizer.json"),
            card.prefix,
            card.lowercase,
            card.max_length,
            card.pooling,
        ]
        content = hashlib.sha256(json.dumps(made_of).encode()).hexdigest()
        machine = hashlib.sha256(self.encode(PROBE).tobytes()).hexdigest()
        return f"{content[:12]}-{machine[:8]}"


def _batches(tokens: list[list[int]], batch_tokens: int) -> Iterator[tuple[list[int], np.ndarray]]:
    """(places, int64 [rows, length]) of one length each, the longest first, at most `batch_tokens` tokens."""
    buckets: dict[int, list[int]] = defaultdict(list)
    for place, ids in enumerate(tokens):
        buckets[len(ids)].append(place)
    for length in sorted(buckets, reverse=True):
        places = iter(buckets[length])
        while rows := list(islice(places, max(1, batch_tokens // length))):
            yield rows, np.array([tokens[row] for row in rows], np.int64)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _tokenizer(card: Card) -> Tokenizer:
    path = card.folder / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises Exception itself
        raise EncoderError(f"{path}: {error}; is it whole? Install Lexalign again") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(card.max_length)
    return tokenizer


def _session(card: Card) -> onnxruntime.InferenceSession:
    path = card.folder / "model.onnx"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has no error class of its own above Exception
        raise EncoderError(f"{path}: {error}; is it whole? Install Lexalign again") from error
    _check_shape(session, card)
    return session


def _check_shape(session: onnxruntime.InferenceSession, card: Card) -> None:
    outputs: dict[str, Any] = {entry.name: entry.shape for entry in session.get_outputs()}
    inputs = {entry.name for entry in session.get_inputs()}
    if OUTPUT not in outputs or outputs[OUTPUT][-1] != card.dimension or "input_ids" not in inputs:
        raise EncoderError(
            f"{card.folder}/model.onnx: inputs {', '.join(sorted(inputs))} and outputs {outputs}; expected "
            f"input_ids and {OUTPUT} [rows, {card.dimension}]; convert it by python -m pipeline.encoders.convert"
        )
