"""One tokenizer.json for every kind of tokenizer, with the ids of transformers' own."""

import shutil
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the extra `models` is not installed")

from tokenizers import ByteLevelBPETokenizer, Tokenizer

from pipeline.encoders.export import tokenizer
from pipeline.encoders.export.source import read
from pipeline.errors import EncoderError
from tests.pipeline.encoders.export import tiny
from tests.pipeline.encoders.export.tiny import change
from tests.pipeline.encoders.export.vocabulary import TEXTS

KINDS = ("bert-cased", "bert-uncased", "camembert", "deberta-v2", "modernbert", "mpnet", "roberta", "xlm-roberta")
PIECES = {
    "camembert": "sentencepiece.bpe.model",
    "deberta-v2": "spm.model",
    "xlm-roberta": "sentencepiece.bpe.model",
}


@pytest.fixture(scope="module")
def pieces(tmp_path_factory) -> Path:
    """A SentencePiece model of TEXTS, as XLM-R, CamemBERT and DeBERTa carry it."""
    import sentencepiece

    folder = tmp_path_factory.mktemp("pieces")
    (folder / "texts.txt").write_text("\n".join(" ".join(t.split()) for t in TEXTS * 20), encoding="utf8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(folder / "texts.txt"),
        model_prefix=str(folder / "spm"),
        vocab_size=120,
        hard_vocab_limit=False,
        character_coverage=0.99,
        minloglevel=2,
    )
    return folder / "spm.model"


def folder_of(kind: str, folder: Path, pieces: Path) -> Path:
    """A model of that kind with its tokenizer in the form that checkpoints of old have."""
    architecture = kind.partition("-cased")[0].partition("-uncased")[0]
    tiny.transformers_folder(folder, architecture, vocab_size=400, num_hidden_layers=1)
    if kind in PIECES:
        (folder / "vocab.txt").unlink()
        shutil.copy(pieces, folder / PIECES[kind])
        change(folder / "tokenizer_config.json", tokenizer_class=None, do_lower_case=None)
    elif kind == "roberta":
        (folder / "vocab.txt").unlink()
        trained = ByteLevelBPETokenizer()
        marks = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
        trained.train_from_iterator(TEXTS, vocab_size=380, special_tokens=marks, show_progress=False)
        trained.save_model(str(folder))
        change(folder / "tokenizer_config.json", tokenizer_class="RobertaTokenizer", do_lower_case=None)
    elif kind == "mpnet":
        change(folder / "tokenizer_config.json", tokenizer_class="MPNetTokenizer")
    elif architecture == "bert":
        change(folder / "tokenizer_config.json", do_lower_case=kind == "bert-uncased")
    return folder


@pytest.mark.filterwarnings("ignore:Token indices sequence length")
@pytest.mark.parametrize("kind", KINDS)
def test_ids_are_those_of_transformers(tmp_path, pieces, kind):
    from transformers import AutoTokenizer

    folder = folder_of(kind, tmp_path / "model", pieces)
    tokenizer.write(read(folder), tmp_path)
    ours = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    theirs = AutoTokenizer.from_pretrained(folder)
    assert (ours.truncation, ours.padding) == (None, None)
    for text in TEXTS:
        assert ours.encode(text).ids == theirs(text, verbose=False)["input_ids"], text
    assert len({tuple(ours.encode(text).ids) for text in TEXTS}) > len(TEXTS) - 4


def test_a_tokenizer_of_another_model_is_refused(tmp_path):
    folder = tiny.transformers_folder(tmp_path / "m", vocab_size=20)
    with pytest.raises(EncoderError, match=r"a token of id \d+, but config.json has vocab_size 20; are the"):
        tokenizer.write(read(folder), tmp_path)


@pytest.mark.parametrize("content", [b"", b"{}", b'{"version": "1.0", "model": {"type": "Odd"}}'])
def test_a_damaged_tokenizer_is_named(tmp_path, content):
    folder = tiny.transformers_folder(tmp_path / "m")
    (folder / "tokenizer.json").write_bytes(content)
    with pytest.raises(EncoderError, match=r"m: .*expected a whole tokenizer, fetch the folder again"):
        tokenizer.write(read(folder), tmp_path)
