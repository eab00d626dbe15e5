"""Weights into torch modules, whole, finite and of the shapes that the configuration states."""

from pathlib import Path
from typing import Any

import torch
from transformers import AttentionInterface, AutoModel

from pipeline.encoders.export.extra import said
from pipeline.encoders.export.modules import Dense
from pipeline.encoders.export.source import Source
from pipeline.errors import EncoderError

PLAIN = "lexalign"
MASKED = ("deberta-v2", "modernbert", "mpnet")  # their attention has biases or windows of its own


def transformer(source: Source, *, masked: bool) -> torch.nn.Module:
    """The encoder in float32, ready to run; `masked` keeps its attention mask.

    Raises EncoderError where weights are damaged, are not those of the configuration, or are not finite.
    """
    keep = masked or source.architecture in MASKED
    try:
        model, found = AutoModel.from_pretrained(
            source.transformer,
            dtype=torch.float32,
            attn_implementation="eager" if keep else PLAIN,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=source.weights[0].suffix == ".safetensors",
            output_loading_info=True,
        )
    except Exception as error:  # torch, safetensors, pickle and zip each raise their own
        raise damaged(source.weights[0], said(error)) from error
    if getattr(model, "pooler", None) is not None:
        model.pooler = None  # the pooling is ours
    _check_names(source, model, found)
    check_finite(source.weights[0], model)
    return model.eval()


def dense(layer: Dense) -> torch.nn.Sequential:
    """The linear layer with its activation. Raises EncoderError as `transformer`."""
    linear = torch.nn.Linear(layer.inputs, layer.outputs, bias=layer.bias)
    try:
        found = _tensors(layer.weights)
        linear.load_state_dict({name.removeprefix("linear."): values.float() for name, values in found.items()})
    except Exception as error:  # torch, safetensors, pickle and zip each raise their own
        raise damaged(layer.weights, said(error)) from error
    check_finite(layer.weights, linear)
    return torch.nn.Sequential(linear, getattr(torch.nn, layer.activation)())


def _tensors(file: Path) -> dict[str, torch.Tensor]:
    if file.suffix == ".safetensors":
        from safetensors.torch import load_file

        return load_file(file)
    return torch.load(file, map_location="cpu", weights_only=True)


def _check_names(source: Source, model: torch.nn.Module, found: dict[str, Any]) -> None:
    """Every weight of the model is there, and no layer is left over; heads for other tasks may be."""
    missing = sorted(name for name in found["missing_keys"] if not name.startswith("pooler."))
    own = {name for name, _ in model.named_children()} - {"pooler"}
    left = sorted(name for name in found["unexpected_keys"] if _is_own(name, own))
    if missing or left or found["mismatched_keys"]:
        wrong = [f"{len(missing)} absent ({', '.join(missing[:3])})"] if missing else []
        wrong += [f"{len(left)} too many ({', '.join(left[:3])})"] if left else []
        wrong += [f"other shapes ({found['mismatched_keys']})"] if found["mismatched_keys"] else []
        raise damaged(source.weights[0], f"weights {'; '.join(wrong)}")


def _is_own(name: str, own: set[str]) -> bool:
    """Whether a weight that nobody asked for belongs to the encoder's own layers: `encoder.layer.12…` or
    `bert.encoder.layer.12…`, but not its tables of positions, which older files carry."""
    return bool(set(name.split(".")[:2]) & own) and "pooler" not in name and not name.endswith("_ids")


def check_finite(file: Path, model: torch.nn.Module) -> None:
    for name, values in model.named_parameters():
        if not torch.stack(torch.aminmax(values.detach())).isfinite().all():  # isfinite alone copies the table
            raise EncoderError(f"{file}: NaN or infinite values in {name}, expected numbers; fetch it again")


def damaged(file: Path, found: str) -> EncoderError:
    return EncoderError(
        f"{file}: {found}; expected the weights that config.json describes; fetch the folder again"
    )


def _attention(module, query, key, value, attention_mask, scaling=None, **_):
    """All tokens see each other, so there is no mask to add. [rows, heads, length, size] each, as transformers
    hands them; returns [rows, length, heads, size] and no weights."""
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    seen = torch.softmax(torch.matmul(query, key.transpose(2, 3)) * scale, dim=-1)
    return torch.matmul(seen, value).transpose(1, 2).contiguous(), None


# With no mask function of this name, transformers makes no mask either.
AttentionInterface.register(PLAIN, _attention)
