"""The law of the package's docstring: a text is covered when, and only when, its pieces were kept."""

import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from pipeline.encoders.trim.coverage import coverage, renumbering
from pipeline.encoders.trim.keep import complete, is_ours, needed, within
from pipeline.encoders.trim.vocabulary import only, pieces, read
from pipeline.errors import EncoderError

LETTERS = "山川口日"  # none of our scripts, so that single letters may go too
words = st.text(LETTERS, min_size=1, max_size=6)
texts = st.lists(words, min_size=1, max_size=4).map(" ".join)
vocabularies = st.lists(words, min_size=3, max_size=25, unique=True)


def made(model) -> tuple[dict, Tokenizer]:
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return json.loads(tokenizer.to_str()), tokenizer


def trimmed(spec: dict, ids: list[int]) -> Tokenizer:
    return Tokenizer.from_str(json.dumps(only(spec, ids)))


def check_law(spec, whole, corpus, others):
    ids = needed(spec, whole, corpus)
    small = trimmed(spec, ids)
    assert coverage(whole, small, corpus).lost == ()
    lost = set(coverage(whole, small, others).lost)
    for text in others:
        assert (text not in lost) == (set(whole.encode(text).ids) <= set(ids)), text


@given(
    vocabulary=vocabularies,
    scores=st.lists(st.integers(-30, -1), min_size=25, max_size=25),
    corpus=st.lists(texts, min_size=1, max_size=5),
    others=st.lists(texts, max_size=20),
)
def test_unigram(vocabulary, scores, corpus, others):
    rows = [("<unk>", 0.0), *zip(vocabulary, map(float, scores), strict=False)]
    check_law(*made(models.Unigram(rows, unk_id=0, byte_fallback=False)), corpus, others)


@given(data=st.data(), corpus=st.lists(texts, min_size=1, max_size=5), others=st.lists(texts, max_size=20))
def test_bpe(data, corpus, others):
    known, merges = ["<unk>", *LETTERS[:3]], []
    for _ in range(data.draw(st.integers(1, 15))):
        pair = tuple(data.draw(st.sampled_from(known[1:])) for _ in range(2))
        if pair not in merges:
            merges.append(pair)
            known += [] if "".join(pair) in known else ["".join(pair)]
    vocabulary = {piece: number for number, piece in enumerate(known)}
    check_law(*made(models.BPE(vocabulary, merges, unk_token="<unk>")), corpus, others)


def wordpiece(vocabulary: list[str]) -> tuple[dict, Tokenizer]:
    rows = ["[UNK]", *vocabulary, *(f"##{piece}" for piece in vocabulary[::2])]
    return made(models.WordPiece({piece: number for number, piece in enumerate(rows)}, unk_token="[UNK]"))


@given(
    vocabulary=vocabularies, corpus=st.lists(texts, min_size=1, max_size=5), others=st.lists(texts, max_size=20)
)
def test_wordpiece_of_words_that_it_knows(vocabulary, corpus, others):
    spec, whole = wordpiece(vocabulary)
    known = [text for text in others if 0 not in whole.encode(text).ids]
    corpus = [text for text in corpus if 0 not in whole.encode(text).ids]
    assume(corpus)
    check_law(spec, whole, corpus, known)


@given(vocabulary=vocabularies, corpus=st.lists(texts, min_size=1, max_size=5))
def test_all_that_stands_in_a_word_is_enough_to_cut_it_as_before(vocabulary, corpus):
    spec, whole = wordpiece(vocabulary)
    ids = complete(spec, within(spec, whole, corpus))
    assert coverage(whole, trimmed(spec, ids), corpus).lost == ()


def test_an_unknown_word_stays_unknown_when_the_longest_piece_goes():
    spec, whole = wordpiece(["山川", "口", "山", "日", "川口"])  # ##山川, ##山, ##川口: 山川口 is cut after 山川
    assert whole.encode("山川口").tokens == ["[UNK]"]
    ids = needed(spec, whole, ["山 山川口", "口川口"])
    [lost] = coverage(whole, trimmed(spec, ids), ["山 山川口"]).lost
    ids = complete(spec, {*ids, *within(spec, whole, [lost])})
    assert coverage(whole, trimmed(spec, ids), ["山 山川口"]).lost == ()


CORPUS = ("fièvre", "douleur à la poitrine", "œdème", "β-hCG", "stage 5 disease", "咳嗽")


@pytest.fixture(scope="module")
def xlmr(spec) -> tuple[Tokenizer, Tokenizer]:
    whole = Tokenizer.from_str(json.dumps(spec))
    whole.no_padding()
    small = trimmed(spec, needed(spec, whole, CORPUS))
    small.no_padding()
    return whole, small


@settings(max_examples=10)
@given(some=st.lists(st.lists(st.sampled_from(CORPUS), min_size=1, max_size=6), min_size=1))
def test_covered_texts_joined_by_a_space_are_covered(xlmr, some):
    assert coverage(*xlmr, [" ".join(texts) for texts in some]).lost == ()


def test_joined_without_a_space_they_may_not_be(xlmr):
    assert coverage(*xlmr, ["stage 5diseasepoitrine"]).covered == 0


def test_markers_keep_their_ids_and_mask_stays_last(xlmr):
    whole, small = xlmr
    assert [small.token_to_id(marker) for marker in ("<s>", "<pad>", "</s>", "<unk>")] == [0, 1, 2, 3]
    assert small.token_to_id("<mask>") == small.get_vocab_size() - 1
    assert small.encode("fièvre <mask>").tokens == whole.encode("fièvre <mask>").tokens


def test_renumbering_says_what_is_gone(xlmr):
    whole, small = xlmr
    new = renumbering(whole, small)
    assert new[whole.token_to_id("▁douleur")] == small.token_to_id("▁douleur") > 3
    assert new[whole.token_to_id("嗽")] == -1


@pytest.mark.parametrize(
    ("processor", "expected"),
    [
        (
            {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 4]},
            {"sep": ["</s>", 1], "cls": ["<s>", 2]},
        ),
        (
            {
                "type": "TemplateProcessing",
                "special_tokens": {"<s>": {"id": "<s>", "ids": [4], "tokens": ["<s>"]}},
            },
            {"special_tokens": {"<s>": {"id": "<s>", "ids": [2], "tokens": ["<s>"]}}},
        ),
        ({"type": "ByteLevel", "trim_offsets": True}, {"trim_offsets": True}),
    ],
)
def test_what_frames_a_text_is_renumbered(processor, expected):
    model = {"type": "Unigram", "unk_id": 0, "vocab": [[piece, 0.0] for piece in "uvwxy"]}
    for post, want in (
        (processor, expected),
        ({"type": "Sequence", "processors": [processor]}, {"processors": [processor | expected]}),
    ):
        left = only({"model": model, "added_tokens": [], "post_processor": post}, [0, 2, 4])
        assert left["post_processor"] == post | want
        assert list(pieces(left).values()) == ["u", "w", "y"]


@pytest.mark.parametrize("piece", ["é", "▁é", "##œ", "β", "9", "▁", "°", "€", "Я"])
def test_letters_and_signs_of_our_scripts_are_ours(piece):
    assert is_ours(piece)


@pytest.mark.parametrize("piece", ["咳", "ab", "▁de", "ن", "##ed"])
def test_others_are_not(piece):
    assert not is_ours(piece)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (models.WordLevel({"a": 0, "<unk>": 1}, unk_token="<unk>"), "kind WordLevel, expected Unigram"),
        (models.BPE({"a": 0}, [], dropout=0.1), "dropout"),
        (models.BPE({"a": 0}, [], continuing_subword_prefix="##"), "continuing_subword_prefix"),
    ],
)
def test_a_vocabulary_that_cannot_be_trimmed_soundly_is_refused(tmp_path, model, message):
    Tokenizer(model).save(str(tmp_path / "tokenizer.json"))
    with pytest.raises(EncoderError, match=message):
        read(tmp_path / "tokenizer.json")
