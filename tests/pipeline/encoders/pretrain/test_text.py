"""Text at hand: what is read, cut into pieces, held out and hidden."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from pipeline.encoders.pretrain import corpus, masking, text, vocabulary
from pipeline.encoders.pretrain.corpus import Corpus, Marks
from pipeline.errors import EncoderError, FormatError, InputError
from tests.pipeline.encoders.pretrain.french import LINES, PIECES

MARKS = Marks(cls=2, sep=3, pad=0, mask=4, ordinary=np.arange(5, 200))


class Words:
    """A tokenizer of whole words, as transformers' are called."""

    cls_token_id, sep_token_id, pad_token_id, mask_token_id, all_special_ids = 2, 3, 0, 4, [0, 1, 2, 3, 4]
    name_or_path = "words"

    def __init__(self) -> None:
        self._numbers = {word: 5 + place for place, word in enumerate(dict.fromkeys(" ".join(LINES).split()))}

    def __len__(self) -> int:
        return 5 + len(self._numbers)

    def __call__(self, texts: list[str], *, add_special_tokens: bool) -> dict[str, list[list[int]]]:
        assert not add_special_tokens
        return {"input_ids": [[self._numbers.get(word, 1) for word in text.split()] for text in texts]}


@pytest.fixture
def packed() -> Corpus:
    return corpus.corpus(LINES, Words(), length=16, seed=1)


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("La  Fièvre\n", ["la fièvre"]),
        ("épistaxis\tsaignement de nez | rhinorragie\n", ["épistaxis : saignement de nez", "épistaxis : rhinorragie"]),
        ("épistaxis\t\n", ["épistaxis"]),
        ("C001\tlay\tmal à la tête", ["c001 lay mal à la tête"]),
        ("\tnez bouché", ["nez bouché"]),
        ("e\u0301ruption", ["éruption"]),
        (" \t\n", []),
    ],
)  # fmt: skip
def test_a_line_is_a_text_and_a_sense_a_sentence(line: str, sentences: list[str]):
    assert list(text.sentences(line)) == sentences


def test_files_are_read_in_order_each_line_once_and_gzip_is_unpacked(tmp_path: Path):
    (tmp_path / "a.txt").write_bytes("\ufefffièvre\n\ntoux\nFièvre\n".encode())
    with gzip.open(tmp_path / "b.txt.gz", "wt", encoding="utf8") as file:
        file.write("toux\nnausée")
    assert text.read([tmp_path / "a.txt", tmp_path / "b.txt.gz"]) == ["fièvre", "toux", "nausée"]


@pytest.mark.parametrize(
    ("name", "content", "error", "said"),
    [
        ("a.txt", "toux\nfièvre\n".encode("latin-1"), FormatError, "line 2: byte 0xe8 is not UTF-8"),
        ("a.txt", b"", InputError, "no text in it"),
        ("a.txt", b" \n\t\n", InputError, "no text in it"),
        ("a.txt.gz", b"toux\n", FormatError, "expected a whole gzip"),
        # mtime: a test is called by its bytes, and each worker must call it the same
        ("a.txt.gz", gzip.compress(b"toux\n" * 100, mtime=0)[:-9], FormatError, "expected a whole gzip"),
    ],
)
def test_a_file_that_is_no_text_is_named(tmp_path: Path, name: str, content: bytes, error: type, said: str):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(error, match=said) as caught:
        text.read([tmp_path / name])
    assert str(tmp_path / name) in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(InputError, match=r"absent\.txt: cannot be read"):
        text.read([tmp_path / "absent.txt"])


def test_the_same_lines_give_the_same_pieces():
    """The trainer alone gives others every time."""
    assert len({vocabulary.learn(LINES, PIECES) for _ in range(4)}) == 1


def test_pieces_keep_accents_and_lower_the_case():
    tokenizer = Tokenizer.from_str(vocabulary.learn(LINES, PIECES))
    assert tokenizer.get_vocab_size() == PIECES
    assert tokenizer.encode("LA BRÛLURE").tokens[:2] == ["[CLS]", "la"]
    assert tokenizer.encode("brûlure").ids != tokenizer.encode("brulure").ids
    assert tokenizer.encode("e\u0301paule").ids == tokenizer.encode("épaule").ids
    assert tokenizer.encode("ω").tokens == ["[CLS]", "[UNK]", "[SEP]"]


def test_a_vocabulary_too_large_for_the_text_says_how_large_it_can_be():
    with pytest.raises(EncoderError, match="give more --text, or --vocabulary") as caught:
        vocabulary.learn(LINES[:50], 5000)
    fits = int(str(caught.value).rpartition(" ")[2])
    assert Tokenizer.from_str(vocabulary.learn(LINES[:50], fits)).get_vocab_size() == fits


def test_a_vocabulary_without_room_for_the_letters_is_refused():
    with pytest.raises(EncoderError, match="larger --vocabulary"):
        vocabulary.learn(LINES, 20)


def test_rows_are_full_and_every_line_is_in_one_part(packed: Corpus):
    assert packed.held_lines == len(LINES) // 200
    rows = np.concatenate([packed.learnt, packed.held])
    assert rows.dtype == np.int32
    assert rows.shape[1] == 16
    assert (rows[:, 0] == 2).all()
    assert not (packed.learnt[:-1] == 0).any(), "padding in the last row alone"
    ends = [(part == 3).sum() for part in (packed.learnt, packed.held)]
    assert ends == [len(LINES) - packed.held_lines, packed.held_lines]
    assert np.isin(rows, MARKS.ordinary).sum() == sum(len(line.split()) for line in LINES)


def test_one_line_cannot_be_held_out():
    with pytest.raises(InputError, match="1 distinct line, expected two or more"):
        corpus.corpus(LINES[:1], Words(), length=16, seed=1)


def test_text_in_other_letters_is_refused():
    with pytest.raises(EncoderError, match="knows no word of the text"):
        corpus.corpus(["лихорадка", "кашель"], Words(), length=16, seed=1)


def test_a_vocabulary_without_a_mask_is_refused():
    trimmed = Words()
    trimmed.mask_token_id = None
    with pytest.raises(EncoderError, match="has no mask, expected the marks"):
        corpus.corpus(LINES, trimmed, length=16, seed=1)


def test_of_the_hidden_pieces_eight_in_ten_are_behind_the_mask_one_replaced_one_left():
    rows = np.random.default_rng(0).integers(5, 200, (500, 16), np.int32)
    rows[:, 0], rows[:, -1], rows[-1, 5:] = 2, 3, 0
    batch = masking.masked(rows, MARKS, share=0.2, chance=np.random.default_rng(1))
    ordinary = int(np.isin(rows, MARKS.ordinary).sum())
    assert len(batch.places) == round(0.2 * ordinary)
    assert len(set(batch.places.tolist())) == len(batch.places)
    assert np.array_equal(rows.reshape(-1)[batch.places], batch.right)
    assert np.isin(batch.right, MARKS.ordinary).all(), "no mark is guessed"
    shown = batch.ids.reshape(-1)[batch.places]
    assert abs((shown == MARKS.mask).mean() - 0.8) < 0.04
    assert abs((shown == batch.right).mean() - 0.1) < 0.03
    elsewhere = np.delete(np.arange(rows.size), batch.places)
    assert np.array_equal(batch.ids.reshape(-1)[elsewhere], rows.reshape(-1)[elsewhere])
    assert np.array_equal(batch.seen, rows != 0)


def test_draws_depend_on_seed_and_step_alone_and_see_every_row(packed: Corpus):
    def draw(seed: int) -> masking.Draw:
        return masking.Draw(packed, batch=64, share=0.2, seed=seed)

    one, two = draw(1), draw(1)
    assert [one(step).ids.tolist() for step in (99, 0)] == [two(step).ids.tolist() for step in (99, 0)]
    assert one(0).ids.tolist() != draw(2)(0).ids.tolist()
    rows, round_ = len(packed.learnt), masking.Draw(packed, batch=len(packed.learnt), share=0.2, seed=1)
    for step in (0, 1):
        batch = round_(step)
        batch.ids.reshape(-1)[batch.places] = batch.right
        assert len({row.tobytes() for row in batch.ids}) == len({row.tobytes() for row in packed.learnt})
    assert len(masking.Draw(packed, batch=3 * rows, share=0.2, seed=1)(0).ids) == 3 * rows
