"""An encoder's folder with the part that guesses hidden pieces; a new one where the folder has none."""

from typing import Any

from pipeline.encoders.export.extra import models_extra, said
from pipeline.encoders.export.source import Source


def with_head(source: Source, head: str) -> Any:
    """The masked language model in float32. A head that is not there is drawn from torch's generator and reads its
    answers off the word table (tied, as in Devlin et al. 2019).

    Raises EncoderError where weights of the encoder itself are absent, of another shape, or not finite.
    """
    with models_extra():
        from pipeline.encoders.export.weights import check_finite, damaged
    model, found = _loaded(source)
    absent = sorted(found["missing_keys"])
    if f"{head}.predictions.decoder.weight" in absent or f"{head}.decoder.weight" in absent:
        model, found = _loaded(source, tie_word_embeddings=True)
    if lost := [name for name in absent if not name.startswith(f"{head}.")]:
        raise damaged(source.weights[0], f"weights {len(lost)} absent ({', '.join(lost[:3])})")
    if found["mismatched_keys"]:
        raise damaged(source.weights[0], f"weights of other shapes ({found['mismatched_keys']})")
    check_finite(source.weights[0], model)
    return model


def _loaded(source: Source, **changes: Any) -> tuple[Any, dict[str, Any]]:
    """(model, what transformers says of the load)."""
    import torch
    from transformers import AutoConfig, AutoModelForMaskedLM

    from pipeline.encoders.export.weights import damaged

    place = source.transformer
    try:
        config = AutoConfig.from_pretrained(place, local_files_only=True, trust_remote_code=False, **changes)
        return AutoModelForMaskedLM.from_pretrained(
            place,
            config=config,
            dtype=torch.float32,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=source.weights[0].suffix == ".safetensors",
            output_loading_info=True,
        )
    except Exception as error:  # torch, safetensors, pickle and zip each raise their own
        raise damaged(source.weights[0], said(error)) from error
