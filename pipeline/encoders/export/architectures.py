"""Which text encoders can be exported, and how each counts its positions."""

from typing import Any

from pipeline.errors import EncoderError

ROBERTA = ("camembert", "roberta", "xlm-roberta")
KNOWN = ("albert", "bert", "deberta-v2", "distilbert", "electra", "modernbert", "mpnet", *ROBERTA)


def first_position(config: dict[str, Any]) -> int:
    """The position of the first token: 0, but in RoBERTa's family the one after the padding's id, and in MPNet 2."""
    if config["model_type"] == "mpnet":
        return 2
    return (config.get("pad_token_id") or 0) + 1 if config["model_type"] in ROBERTA else 0


def check(config: dict[str, Any], where: str) -> None:
    """Raises EncoderError where the configuration is not that of a text encoder we can export as it stands."""
    kind = config.get("model_type")
    if config.get("auto_map"):
        raise EncoderError(
            f"{where}: a model with code of its own (auto_map), expected one of {', '.join(sorted(KNOWN))}; "
            "code out of a folder is never run, so take another encoder"
        )
    if kind not in KNOWN:
        raise EncoderError(
            f"{where}: model_type {kind!r}, expected a text encoder: {', '.join(sorted(KNOWN))}; "
            "generative, image and other models make no vectors of terms"
        )
    if config.get("is_decoder") or config.get("is_encoder_decoder"):
        raise EncoderError(f"{where}: a decoder, expected an encoder; take the encoder that it was made from")
    if config.get("quantization_config"):
        raise EncoderError(
            f"{where}: weights quantised already, expected float32, float16 or bfloat16; take the original"
        )
