"""The error that is told for a layer is the error that the layer has."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `models` is not installed")

from pipeline.encoders.build import build
from pipeline.encoders.encoder import FolderEncoder
from pipeline.encoders.inspect.alone import cosine_losses
from pipeline.encoders.inspect.layers import errors
from pipeline.encoders.inspect.maps import maps
from pipeline.encoders.quantise.activations import smoothing, watch
from pipeline.encoders.recipe import Recipe
from pipeline.encoders.tokens import Spelling
from pipeline.errors import EncoderError


@pytest.fixture(scope="module")
def tokens(fp32, texts):
    return Spelling(fp32).tokens(texts[:32]).ids


@pytest.fixture(scope="module")
def found(fp32, tokens):
    return errors(fp32, tokens, alpha=0.5)


def test_every_linear_layer_is_there_the_worst_first(found):
    assert len(found) == len({error.name for error in found}) == 12
    assert [error.rows for error in found] == sorted((error.rows for error in found), reverse=True)
    assert all(0 < error.rows < 0.05 for error in found)


def test_one_scale_for_all_rows_is_worse_than_a_scale_a_row(found):
    assert np.mean([error.tensor for error in found]) > np.mean([error.rows for error in found])


def test_a_layer_alone_costs_less_than_all_together(fp32, tokens, texts, tmp_path):
    alone = cosine_losses(fp32, tokens)
    recipe = Recipe(engine="onnxruntime", precision="int8", bits=7)
    whole = build(fp32, recipe, name="whole", texts=texts, root=tmp_path)
    cosines = (FolderEncoder(whole).encode(texts) * FolderEncoder(fp32).encode(texts)).sum(axis=1)
    assert len(alone) == 12
    assert all(-1e-7 < loss < 1 - cosines.mean() for loss in alone.values())
    assert max(alone.values()) > 0


def test_smoothing_divides_the_activations_and_multiplies_the_weights(fp32, tokens):
    shown = maps(fp32, tokens, alpha=0.5)
    assert shown.before.shape == shown.after.shape
    divisor = shown.weights_after / shown.weights_before
    np.testing.assert_allclose(shown.after * divisor, shown.before, rtol=1e-4, atol=1e-6)
    seen = watch(fp32.folder, tokens)
    divisors = [own for own in smoothing(fp32.folder, seen, 0.5).values() if own.shape == divisor.shape]
    assert any(np.allclose(divisor, own, rtol=1e-4) for own in divisors)


def test_a_layer_that_is_not_there_lists_those_that_are(fp32, tokens, found):
    with pytest.raises(EncoderError, match="no linear layer 'query', expected one of"):
        maps(fp32, tokens, alpha=0.5, layer="query")
    assert maps(fp32, tokens, alpha=0.5, layer=found[0].name).layer == found[0].name
