"""A folder's encoder: exact-length buckets, so nothing is padded, and one thread a call."""

import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from pipeline.encoders.card import Card, weights_sha256
from pipeline.encoders.engines import INPUTS, open_engine
from pipeline.encoders.tokens import Spelling, Tokens, batches
from pipeline.errors import EncoderError
from pipeline.files import sha256
from pipeline.settings import Device

PROBE = ("fièvre", "douleur dans la poitrine", "high blood pressure and a very long list of other words")


class FolderEncoder:
    """Texts to unit vectors with a folder's model, on the engine that its card names.

    A call of the engine sees texts of one token length only and runs on one thread; several calls run side by side.
    So neither batch-mates nor the number of threads can reach a vector. Calls have `min_rows` rows or more (the
    last row repeated), since kernels are chosen by the number of rows. Raises EncoderError where a file is damaged
    or the model misshapen. `batch_tokens` 0 takes the card's. `index`: the encoder whose vectors of a target's
    strings it asks, where these are not its own.
    """

    def __init__(self, card: Card, *, threads: int = 0, batch_tokens: int = 0, device: Device = "auto") -> None:
        self.card = card
        self.name = card.name
        self.dimension = card.dimension
        self.precision = card.precision
        self.languages = card.languages
        self.marks = card.marks
        self.index: FolderEncoder | None = None
        self.threads = threads or cores()
        self.batch_tokens = batch_tokens or card.batch_tokens
        _check_files(card)
        self._spelling = Spelling(card)
        self._engine = open_engine(card, calls=self.threads, device=device)
        self.device = self._engine.device
        self.truncated = self.unknown = 0
        self.fingerprint = self._fingerprint()
        self.truncated = self.unknown = 0  # of the user's texts, not of the probe's

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Float32 [len(texts), dimension], rows in the order of `texts`, of length one.

        Texts over `max_length` tokens are cut there and counted in `truncated`; those with a piece that the
        vocabulary does not know are counted in `unknown`. Pooling is in the model's graph.
        """
        tokens = self.tokens(texts)
        self.truncated += tokens.truncated
        self.unknown += tokens.unknown
        vectors = np.empty((len(tokens.ids), self.dimension), np.float32)
        fed = batches(tokens.ids, batch_tokens=self.batch_tokens, pad_to=self.card.pad_to)
        with ThreadPoolExecutor(self.threads) as pool:
            for places, found in pool.map(self._run, fed):
                vectors[places] = found
        self._check(vectors)
        return vectors[tokens.rows]

    def tokens(self, texts: Sequence[str]) -> Tokens:
        """What the model would be given."""
        return self._spelling.tokens(texts)

    def rows(self, ids: np.ndarray) -> np.ndarray:
        """Float32 [rows, dimension] of int64 [rows, length], in one call of the engine, whatever `min_rows` says."""
        length = max(ids.shape[1], self.card.pad_to)
        padded = np.pad(ids, ((0, 0), (0, length - ids.shape[1])))
        mask = np.broadcast_to(np.arange(length) < ids.shape[1], padded.shape).astype(np.int64)
        return self._engine.run(dict(zip(INPUTS, (padded, mask, np.zeros_like(padded)), strict=True)))

    def _run(self, batch: tuple[list[int], np.ndarray, np.ndarray]) -> tuple[list[int], np.ndarray]:
        places, ids, mask = batch
        if lacking := max(0, self.card.min_rows - len(ids)):
            ids, mask = (np.concatenate([rows, np.repeat(rows[-1:], lacking, axis=0)]) for rows in (ids, mask))
        feeds = dict(zip(INPUTS, (ids, mask, np.zeros_like(ids)), strict=True))
        found = self._engine.run(feeds)
        if found.shape != (len(ids), self.dimension):
            raise EncoderError(
                f"{self.card.folder}: vectors of shape {found.shape} for {len(ids)} texts, expected "
                f"({len(ids)}, {self.dimension}); add the encoder again"
            )
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
        made_of += [extra for extra in (card.suffix, card.pad_to) if extra]
        content = hashlib.sha256(json.dumps(made_of).encode()).hexdigest()
        machine = hashlib.sha256(self.encode(PROBE).tobytes()).hexdigest()
        return f"{content[:12]}-{machine[:8]}"


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _check_files(card: Card) -> None:
    if (found := weights_sha256(card.folder, card.engine)) != card.model_sha256:
        raise EncoderError(
            f"{card.folder}: the model's sha256 is {found[:12]}…, its card says {card.model_sha256[:12]}…; the "
            "files are cut or changed. Add the encoder again, or install Lexalign again if it came in the box"
        )
