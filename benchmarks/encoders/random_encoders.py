"""Encoders without training: an exact architecture, random weights, a tokenizer trained on the strings at hand."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.encoders.shapes import Shape

WORDPIECE = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
UNIGRAM = ("<s>", "<pad>", "</s>", "<unk>")
UNUSED_SCORE = -1000.0  # so far below a trained piece's that no text is cut into unused ones


def build(folder: Path, shape: Shape, seed: int, texts: Sequence[str]) -> None:
    """Write a sentence-transformers folder: weights drawn from `seed`, a tokenizer trained on `texts`.

    The vocabulary is filled with pieces that no text holds, so that the word table has its real size while texts
    have as many tokens as `shape.pieces` gives them. The same arguments write the same weights.
    """
    import torch
    from transformers import BertConfig, BertModel, XLMRobertaConfig, XLMRobertaModel

    folder.mkdir(parents=True, exist_ok=True)
    bert = shape.model_type == "bert"
    tokenizer, special = _wordpiece(shape, texts) if bert else _unigram(shape, texts)
    settings: dict[str, Any] = {
        "vocab_size": shape.vocabulary,
        "hidden_size": shape.width,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.inner,
        "max_position_embeddings": shape.positions,
        "position_embedding_type": "absolute",  # CTranslate2 asks for it; transformers 5 no longer writes it
    }
    torch.manual_seed(seed)
    model = (
        BertModel(BertConfig(**settings))
        if bert
        else XLMRobertaModel(
            XLMRobertaConfig(type_vocab_size=1, layer_norm_eps=1e-5, bos_token_id=0, eos_token_id=2, **settings)
        )
    )
    model.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    for name, value in _descriptions(shape, special).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf8")


def _wordpiece(shape: Shape, texts: Sequence[str]) -> tuple[Any, dict[str, str]]:
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(
        vocab_size=shape.pieces, special_tokens=list(WORDPIECE), show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    pieces = tokenizer.get_vocab()
    pieces |= {f"[unused{number}]": number for number in range(len(pieces), shape.vocabulary)}
    tokenizer.model = models.WordPiece(pieces, unk_token="[UNK]")
    marks = [("[CLS]", pieces["[CLS]"]), ("[SEP]", pieces["[SEP]"])]
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=marks)
    names = ("pad_token", "unk_token", "cls_token", "sep_token", "mask_token")
    return tokenizer, dict(zip(names, WORDPIECE, strict=True))


def _unigram(shape: Shape, texts: Sequence[str]) -> tuple[Any, dict[str, str]]:
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=shape.pieces, special_tokens=list(UNIGRAM), unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    trained = json.loads(tokenizer.to_str())["model"]["vocab"]
    unused = [(f"<unused{number}>", UNUSED_SCORE) for number in range(len(trained), shape.vocabulary - 1)]
    pieces = [(piece, score) for piece, score in trained] + unused + [("<mask>", 0.0)]
    tokenizer.model = models.Unigram(pieces, unk_id=UNIGRAM.index("<unk>"), byte_fallback=False)
    tokenizer.add_special_tokens([*UNIGRAM, "<mask>"])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    names = ("bos_token", "cls_token", "pad_token", "eos_token", "sep_token", "unk_token", "mask_token")
    return tokenizer, dict(zip(names, ("<s>", "<s>", "<pad>", "</s>", "</s>", "<unk>", "<mask>"), strict=True))


def _descriptions(shape: Shape, special: dict[str, str]) -> dict[str, Any]:
    """The small files of a sentence-transformers folder, in the form that its releases 3 to 6 read."""
    kinds = {"0": ("", "Transformer"), "1": ("1_Pooling", "Pooling")}
    # transformers 4 and 5 both know this class; the names that 5 itself writes, 4 does not
    tokenizer = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 512, **special}
    return {
        "modules.json": [
            {"idx": int(number), "name": number, "path": path, "type": f"sentence_transformers.models.{kind}"}
            for number, (path, kind) in kinds.items()
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.width,
            "pooling_mode_cls_token": shape.pooling == "cls",
            "pooling_mode_mean_tokens": shape.pooling == "mean",
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
        "sentence_bert_config.json": {"max_seq_length": 512, "do_lower_case": False},
        "tokenizer_config.json": tokenizer,
        "special_tokens_map.json": special,
    }
