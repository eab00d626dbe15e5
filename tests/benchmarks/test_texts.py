"""The strings that are measured, and the orders in which they are fed."""

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from benchmarks.encoders import strings
from benchmarks.encoders.peers import feeding
from benchmarks.job_texts import TextMaker

NAMES = ["fièvre jaune", "Fievre jaune", "toux sèche", "douleur dans la poitrine", "taille"]
LENGTHS = [5, 3, 5, 9, 3, 3, 12]


@pytest.fixture
def words() -> Tokenizer:
    """A piece for each letter of the alphabet and some whole words."""
    pieces = ["[UNK]", "[CLS]", "[SEP]", "jaune", "la", "dans", "toux", "poitrine"]
    letters = sorted(set("".join(NAMES)) - {" "})
    every = [*pieces, *letters, *(f"##{letter}" for letter in letters)]
    tokenizer = Tokenizer(
        models.WordPiece({piece: number for number, piece in enumerate(every)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    return tokenizer


def test_what_an_uncased_tokenizer_makes_equal_is_measured_once():
    assert len(strings.distinct([*NAMES, "toux sèche"])) == 4


def test_a_prefix_is_the_same_on_every_machine():
    assert strings.distinct(NAMES) == strings.distinct(NAMES[::-1][::-1])


def test_copies_are_counted_among_all_rows():
    assert strings.repeated(["toux", "toux", "fièvre", "toux"]) == 0.5


@pytest.mark.parametrize(
    "batches",
    [feeding.exact(LENGTHS, tokens=10), feeding.in_order(7, 3), feeding.longest_first(LENGTHS, 3)],
    ids=["exact", "in order", "longest first"],
)
def test_every_text_is_fed_once(batches):
    assert sorted(place for places in batches for place in places) == list(range(7))


def test_exact_batches_have_one_length_and_few_tokens():
    for places in feeding.exact(LENGTHS, tokens=10):
        [length] = {LENGTHS[place] for place in places}
        assert len(places) * length <= 10 or len(places) == 1


def test_texts_of_the_job_have_the_tokens_asked_for(words):
    made = TextMaker(NAMES, words, seed=1).distinct(200, 12, 20)
    assert len(set(made)) == 200
    assert {len(one.ids) for one in words.encode_batch(made)} == set(range(12, 21))


def test_copies_of_the_job_are_the_share_asked_for(words):
    maker = TextMaker(NAMES, words, seed=1)
    assert strings.repeated(maker.repeat(maker.distinct(90, 12, 20), 0.1)) == pytest.approx(0.1)
