"""multilingual-e5-small (Wang et al., 2024) as a sentence-transformers folder, which training starts from."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from pipeline.encoders.convert.e5_file import E5File
from pipeline.encoders.convert.e5_tokenizer import tokenizer
from pipeline.encoders.export.extra import quiet
from pipeline.files import whole_folder

MAX_LENGTH = 512
MODULES = ("Transformer", "Pooling", "Normalize")
DENSE = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "intermediate.dense": "fi",
    "output.dense": "fo",
}
NORMS = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}


def write(source: Path, to: Path) -> None:
    """The 4-bit weights of `source` as float32, with their tokenizer, mean pooling and unit length.

    The same source writes the same bytes. Raises FormatError where it is of another kind, WorkspaceError where `to`
    is there already.
    """
    file = E5File(source)
    model = BertModel(_config(file), add_pooling_layer=False)
    model.load_state_dict(_weights(file))
    with whole_folder(to) as part, quiet():
        model.save_pretrained(part)
        _tokenizer(file).save_pretrained(part)
        _write_modules(part, file.hidden)


def _config(file: E5File) -> BertConfig:
    return BertConfig(
        vocab_size=file.rows,
        hidden_size=file.hidden,
        num_hidden_layers=file.layers,
        num_attention_heads=file.heads,
        intermediate_size=file.inner,
        max_position_embeddings=file.positions,
        type_vocab_size=file.types,
        layer_norm_eps=float(np.float32(file.epsilon)),
        pad_token_id=file.padding,
    )


def _weights(file: E5File) -> dict[str, Any]:
    """By the names of transformers' BertModel."""
    h, inner = file.hidden, file.inner
    shapes = {"fi": (inner, h), "fo": (h, inner)}
    found = {
        "embeddings.word_embeddings.weight": file.matrix("emb.word", file.rows, h).T,
        "embeddings.position_embeddings.weight": file.floats("emb.pos", file.positions, h),
        "embeddings.token_type_embeddings.weight": np.repeat(file.floats("emb.type", 1, h), file.types, 0),
    }
    norms = {"embeddings.LayerNorm": "emb.ln"}
    for number in range(file.layers):
        layer = f"encoder.layer.{number}."
        for name, short in DENSE.items():
            rows, columns = shapes.get(short, (h, h))
            found[f"{layer}{name}.weight"] = file.matrix(f"l{number}.{short}.w", rows, columns).T
            found[f"{layer}{name}.bias"] = file.floats(f"l{number}.{short}.b", rows)
        norms |= {f"{layer}{name}": f"l{number}.{short}" for name, short in NORMS.items()}
    for name, short in norms.items():
        found[f"{name}.weight"] = file.floats(f"{short}.w", h)
        found[f"{name}.bias"] = file.floats(f"{short}.b", h)
    return {name: torch.from_numpy(np.ascontiguousarray(values).copy()) for name, values in found.items()}


def _tokenizer(file: E5File) -> PreTrainedTokenizerFast:
    words = file.vocabulary
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer(words),
        bos_token=words.begin,
        eos_token=words.end,
        cls_token=words.begin,
        sep_token=words.end,
        unk_token=words.unknown,
        pad_token=words.pieces[file.padding][0],
        model_max_length=MAX_LENGTH,
    )


def _write_modules(folder: Path, hidden: int) -> None:
    """What sentence-transformers reads."""
    modules = [
        {
            "idx": number,
            "name": str(number),
            "path": f"{number}_{kind}" if number else "",
            "type": f"sentence_transformers.models.{kind}",
        }
        for number, kind in enumerate(MODULES)
    ]
    _write(folder / "modules.json", modules)
    for module in modules[1:]:
        (folder / str(module["path"])).mkdir()
    _write(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": hidden, "pooling_mode_mean_tokens": True},
    )
    _write(folder / "sentence_bert_config.json", {"max_seq_length": MAX_LENGTH, "do_lower_case": False})


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", "utf-8")
