"""The engines need packages that the plain install lacks: those tests skip, and say why."""

import json
from pathlib import Path

import pytest

from pipeline.errors import TranslationError
from pipeline.translate import make
from pipeline.translate.local import LocalTranslator

TERMS = ["mal de tête", "fièvre", "douleur au ventre", "œdème", "hypertension artérielle"]


@pytest.fixture(scope="module")
def marian(tmp_path_factory) -> Path:
    """A Marian model of random weights and 60 pieces: it babbles, but as a real one would be read."""
    spm = pytest.importorskip("sentencepiece", reason="sentencepiece is not installed")
    torch = pytest.importorskip("torch", reason="torch is not installed")
    transformers = pytest.importorskip("transformers", reason="transformers is not installed")
    folder = tmp_path_factory.mktemp("marian")
    text = folder / "terms.txt"
    text.write_text("\n".join(TERMS * 5), encoding="utf8")
    for side in ("source", "target"):
        spm.SentencePieceTrainer.train(
            input=str(text), model_prefix=str(folder / side), vocab_size=60, hard_vocab_limit=False, minloglevel=3
        )
        (folder / f"{side}.model").rename(folder / f"{side}.spm")
    pieces = spm.SentencePieceProcessor(model_file=str(folder / "source.spm"))
    names = ["</s>", *(pieces.id_to_piece(i) for i in range(pieces.get_piece_size()))]
    vocabulary = {name: i for i, name in enumerate(dict.fromkeys([n for n in names if n != "<s>"] + ["<pad>"]))}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf8")
    (folder / "tokenizer_config.json").write_text(json.dumps({"source_lang": "fr", "target_lang": "en"}))
    pad, size = vocabulary["<pad>"], {"d_model": 32, "encoder_layers": 1, "decoder_layers": 1}
    heads = {
        f"{side}_{what}": n
        for side in ("encoder", "decoder")
        for what, n in (("attention_heads", 2), ("ffn_dim", 64))
    }
    ids = {"pad_token_id": pad, "eos_token_id": 0, "decoder_start_token_id": pad, "forced_eos_token_id": 0}
    config = transformers.MarianConfig(
        vocab_size=len(vocabulary), max_position_embeddings=512, **size, **heads, **ids
    )
    torch.manual_seed(3)
    transformers.MarianMTModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def converted(marian, tmp_path_factory) -> Path:
    engine = pytest.importorskip("ctranslate2", reason="ctranslate2 is not installed")
    folder = tmp_path_factory.mktemp("ct2") / "model"
    spms = ["source.spm", "target.spm"]
    engine.converters.TransformersConverter(str(marian), copy_files=spms).convert(str(folder))
    return folder


@pytest.mark.filterwarnings("ignore")  # transformers warns of its own next version
@pytest.mark.parametrize("kind", ["marian", "converted"])
def test_a_model_in_a_folder_translates_each_text_and_sends_nothing(kind, request):
    folder = request.getfixturevalue(kind)
    translator = make("local", folder=folder)
    answers = translator.translate(TERMS)
    assert len(answers) == len(TERMS)
    assert all(isinstance(answer, str) for answer in answers)
    assert (translator.sends, translator.name) == (None, f"local:{folder.name}")
    assert translator.translate(TERMS[1:2]) == answers[1:2]
    assert translator.translate([]) == []


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["marian", "converted"])
def test_a_text_that_the_model_would_cut_is_refused(kind, request):
    translator = make("local", folder=request.getfixturevalue(kind))
    with pytest.raises(TranslationError, match="expected under 512"):
        translator.translate(["fièvre " * 600])


@pytest.mark.filterwarnings("ignore")
def test_a_converted_model_that_is_cut_short_is_named(converted, tmp_path):
    for file in converted.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes()[: 100 if file.name == "model.bin" else None])
    with pytest.raises(TranslationError, match="ctranslate2 cannot load it"):
        LocalTranslator(tmp_path)


@pytest.mark.filterwarnings("ignore")
def test_a_converted_model_without_its_tokenizer_says_how_to_copy_it(converted, tmp_path):
    for file in converted.iterdir():
        if file.suffix != ".spm":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with pytest.raises(TranslationError, match=r"--copy_files source\.spm target\.spm"):
        LocalTranslator(tmp_path)


@pytest.mark.parametrize("files", [None, (), ("pytorch_model.bin",)])
def test_a_folder_that_holds_no_model_is_told_every_layout(files, tmp_path):
    folder = tmp_path / "model"
    if files is not None:
        folder.mkdir()
    for name in files or ():
        (folder / name).write_bytes(b"")
    with pytest.raises(TranslationError) as caught:
        LocalTranslator(folder)
    assert all(
        word in str(caught.value) for word in ("CTranslate2", "model.bin", "Marian", "vocab.json", str(folder))
    )


@pytest.mark.parametrize(
    ("files", "package"),
    [({"model.bin": ""}, "ctranslate2"), ({"config.json": '{"model_type": "marian"}'}, "torch")],
)
def test_an_absent_package_is_named_with_how_to_have_it(files, package, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, package, None)
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    with pytest.raises(TranslationError, match=rf"needs {package}.*start\.py workshop"):
        LocalTranslator(tmp_path)
