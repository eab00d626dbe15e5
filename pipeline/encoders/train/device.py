"""Where an encoder is trained."""

from pipeline.encoders.engines.cpu import flags
from pipeline.encoders.export.extra import models_extra
from pipeline.errors import EncoderError


def choose(device: str) -> tuple[str, bool]:
    """(torch's device, whether to multiply in bf16) of "auto", "cpu" or "cuda". bf16 wherever it is multiplied
    natively: elsewhere it is slower than fp32. Raises EncoderError where "cuda" is asked for and there is none."""
    with models_extra():
        import torch
    there = torch.cuda.is_available()
    if device == "cuda" and not there:
        raise EncoderError("no CUDA device was found by torch, expected one; use --device cpu, or install torch's "
                           "CUDA build")  # fmt: skip
    if there and device != "cpu":
        return "cuda", torch.cuda.is_bf16_supported()
    return "cpu", _multiplies_bf16()


def _multiplies_bf16() -> bool:
    return bool(flags() & {"avx512_bf16", "amx_bf16"})
