"""The extra `models`: what an encoder's export needs, and nothing else of the plain install."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import EncoderError
from pipeline.extras import INSTALL

MOST = 400  # characters of another's message


@contextmanager
def models_extra() -> Iterator[None]:
    """Imports inside that find no torch, transformers or onnx raise EncoderError naming the extra."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise EncoderError(
            f"{error.name} is not installed, expected the extra `models`; run {INSTALL} and try again"
        ) from error


def said(error: Exception) -> str:
    """A library's words on one line, without advice that would have code out of a file run."""
    if "weights_only" in str(error):
        return "a pickle that holds more than tensors, and so might run code"
    return " ".join(str(error).split())[:MOST]


@contextmanager
def quiet() -> Iterator[None]:
    """No bars, advice or warnings of transformers and torch: they speak to who writes models, not to our users."""
    from transformers.utils import logging as transformers_logging

    bars, level = transformers_logging.is_progress_bar_enabled(), transformers_logging.get_verbosity()
    exporter = logging.getLogger("torch.onnx")
    before = exporter.level
    transformers_logging.disable_progress_bar()
    transformers_logging.set_verbosity_error()
    exporter.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        exporter.setLevel(before)
        transformers_logging.set_verbosity(level)
        if bars:
            transformers_logging.enable_progress_bar()
