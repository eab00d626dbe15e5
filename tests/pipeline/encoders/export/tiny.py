"""Random models of two layers, saved as transformers and sentence-transformers save them."""

import json
from pathlib import Path
from typing import Any

from tests.pipeline.encoders.export.vocabulary import word_pieces

SIZES = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "max_position_embeddings": 64,
    "initializer_range": 0.5,  # so that vectors of different texts differ
}
OTHER_SIZES = {
    "distilbert": {"dim": 32, "n_layers": 2, "n_heads": 4, "hidden_dim": 64, "initializer_range": 0.5},
    "electra": SIZES | {"embedding_size": 16},
    "albert": SIZES | {"embedding_size": 16},
    "modernbert": SIZES
    | {"global_attn_every_n_layers": 2, "local_attention": 4, "initializer_cutoff_factor": 2.0},
    "deberta-v2": SIZES
    | {
        "relative_attention": True,
        "pos_att_type": ["p2c", "c2p"],
        "position_buckets": 8,
        "norm_rel_ebd": "layer_norm",
        "share_att_key": True,
        "position_biased_input": False,
        "type_vocab_size": 0,
    },
}
SPECIAL = {"pad_token_id": 1, "bos_token_id": 2, "cls_token_id": 2, "eos_token_id": 3, "sep_token_id": 3}


def model(architecture: str, **changes: Any):
    """A transformers model with random weights, the same each time."""
    import torch
    from transformers import AutoConfig, AutoModel

    torch.manual_seed(0)
    sizes = OTHER_SIZES.get(architecture, SIZES) | SPECIAL | {"vocab_size": len(word_pieces())} | changes
    return AutoModel.from_config(AutoConfig.for_model(architecture, **sizes))


def transformers_folder(folder: Path, architecture: str = "bert", **changes: Any) -> Path:
    model(architecture, **changes).save_pretrained(folder)
    write_tokenizer(folder)
    if architecture == "modernbert":  # its tokenizer is a tokenizer.json and nothing else
        from transformers import BertTokenizer

        BertTokenizer.from_pretrained(folder).save_pretrained(folder)
        change(folder / "tokenizer_config.json", tokenizer_class="PreTrainedTokenizerFast")
    return folder


def write_tokenizer(folder: Path) -> None:
    (folder / "vocab.txt").write_text("".join(f"{piece}\n" for piece in word_pieces()), encoding="utf8")
    change(folder / "tokenizer_config.json", tokenizer_class="BertTokenizer", model_max_length=60)


def sentence_folder(
    folder: Path, architecture: str, pooling: str, *, layers: int = 2, dense: bool = False, **said: Any
) -> Path:
    """As SentenceTransformer.save writes it; `said` is its `prompts` and `default_prompt_name`."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer

    name = "n_layers" if architecture == "distilbert" else "num_hidden_layers"
    plain = transformers_folder(folder.with_name(f"{folder.name}-plain"), architecture, **{name: layers})
    after = [Dense(32, 16), Normalize()] if dense else []
    modules = [Transformer(str(plain)), Pooling(32, pooling_mode=pooling), *after]
    SentenceTransformer(modules=modules, **said).save(str(folder))
    return folder


def change(path: Path, **values: Any) -> None:
    """Set keys of a JSON file; a value of None removes its key."""
    before = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    after = {name: value for name, value in (before | values).items() if value is not None}
    path.write_text(json.dumps(after), encoding="utf8")
