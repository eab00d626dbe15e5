"""The plain fp32 ONNX file that fastembed and ONNX Runtime's dynamic mode share."""

from pathlib import Path
from typing import Any

from benchmarks.encoders.peers import folder

FILE = "model.onnx"
OPSET = 17


def make(source: Path, out: Path, texts: list[str]) -> None:
    """Token ids and mask to `last_hidden_state`, both axes free; weights over 2 GB lie in files beside it."""
    import torch
    from transformers import AutoModel

    # "eager" writes plain products and a softmax, which ONNX Runtime's fusions know
    model = AutoModel.from_pretrained(source, attn_implementation="eager")
    names = ["input_ids", "attention_mask", *(["token_type_ids"] if model.config.model_type == "bert" else [])]
    example = torch.ones(2, 8, dtype=torch.long)
    axes = {name: {0: "rows", 1: "tokens"} for name in [*names, "last_hidden_state"]}
    torch.onnx.export(
        _hidden(model, names).eval(),
        (example,) * len(names),
        str(out / FILE),
        input_names=names,
        output_names=["last_hidden_state"],
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )
    folder.copy_descriptions(source, out)


def _hidden(model: Any, names: list[str]) -> Any:
    import torch

    class Hidden(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *inputs: Any) -> Any:
            return self.model(**dict(zip(names, inputs, strict=True))).last_hidden_state

    return Hidden()
