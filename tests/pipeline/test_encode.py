import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.encode import VectorCache, encode, key
from pipeline.errors import EncoderError
from tests.samples import LetterEncoder

TERMS = ["saignement de nez", "épistaxis", "mal de tête", "céphalée", "œdème", "rétention d'eau", "fièvre"]


def test_rows_come_in_the_order_of_the_texts_and_duplicates_are_encoded_once(letters):
    texts = [*TERMS, "fièvre", "épistaxis"]
    vectors = encode(texts, letters)
    assert np.array_equal(vectors, letters.encode(texts))
    assert sorted(letters.seen[: len(TERMS)]) == sorted(TERMS)


def test_what_is_cached_is_not_encoded_again(letters, tmp_path):
    first = encode(TERMS, letters, cache=tmp_path)
    letters.seen.clear()
    again = encode([*reversed(TERMS), "toux"], letters, cache=tmp_path)
    assert letters.seen == ["toux"]
    assert np.array_equal(first, again[: len(TERMS)][::-1])


def test_another_fingerprint_is_another_cache(letters, tmp_path):
    encode(TERMS, letters, cache=tmp_path)
    letters.fingerprint = "letters-2"
    letters.seen.clear()
    encode(TERMS, letters, cache=tmp_path)
    assert len(letters.seen) == len(TERMS)


def test_the_same_encoder_under_another_name_finds_its_vectors(letters, tmp_path):
    encode(["fièvre", "toux"], letters, cache=tmp_path)
    winner = LetterEncoder()
    winner.name = "letters-fast"
    encode(["toux", "rhume"], winner, cache=tmp_path)
    assert winner.seen == ["rhume"]


def test_a_stopped_run_goes_on_after_its_last_whole_shard(letters, tmp_path):
    class Dies(type(letters)):
        def encode(self, texts):
            if len(self.seen) >= 4:
                raise KeyboardInterrupt
            return super().encode(texts)

    with pytest.raises(KeyboardInterrupt):
        encode(TERMS, Dies(), cache=tmp_path, shard=2)
    assert not list(tmp_path.rglob("*.part"))
    vectors = encode(TERMS, letters, cache=tmp_path, shard=2)
    assert len(letters.seen) == len(TERMS) - 4
    assert np.array_equal(vectors, type(letters)().encode(TERMS))


@pytest.mark.parametrize("damage", ["cut", "shape", "gone"])
def test_a_damaged_shard_is_named_and_what_to_do_is_said(letters, tmp_path, damage):
    encode(TERMS, letters, cache=tmp_path)
    [shard] = tmp_path.rglob("shard-*")
    vectors = shard / "vectors.npy"
    if damage == "cut":
        vectors.write_bytes(vectors.read_bytes()[:50])
    elif damage == "shape":
        np.save(vectors, np.zeros((len(TERMS), 3), np.float32))
    else:
        vectors.unlink()
    with pytest.raises(EncoderError, match="delete this folder"):
        VectorCache(tmp_path, letters)
    shutil.rmtree(shard)
    assert len(encode(TERMS, letters, cache=tmp_path)) == len(TERMS)


def test_progress_ends_at_its_total(letters, tmp_path):
    calls = []
    encode(TERMS, letters, cache=tmp_path, shard=3, progress=lambda *call: calls.append(call))
    assert [done for done, _, _ in calls] == sorted(done for done, _, _ in calls)
    assert calls[-1][0] == calls[-1][1] == sum(map(len, TERMS))


def test_no_text_gives_no_row(letters, tmp_path):
    assert encode([], letters).shape == encode([], letters, cache=tmp_path).shape == (0, 64)


@given(st.lists(st.text(), unique=True))
def test_different_texts_have_different_keys(texts):
    assert len({key(text) for text in texts}) == len(texts)
