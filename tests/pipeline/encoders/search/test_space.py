"""Only what a machine can run and a precision can choose is ever proposed."""

import pytest

from pipeline.encoders.search import space
from pipeline.encoders.search.space import first, paths, suggest
from pipeline.errors import EncoderError

optuna = pytest.importorskip("optuna", reason="the extra `search` is not installed")
WORST = [f"layer {number}" for number in range(12)]


@pytest.mark.parametrize("vnni", [True, False])
def test_what_is_tried_first_is_each_path_as_it_comes(monkeypatch, vnni):
    monkeypatch.setattr(space, "has_vnni", lambda: vnni)
    allowed = list(space.PATHS)
    found = [suggest(optuna.trial.FixedTrial(one), allowed, WORST) for one in first(allowed)]
    assert [f"{choice.recipe.engine} {choice.recipe.precision}" for choice in found] == allowed
    assert {choice.recipe.bits for choice in found} == {0, 8 if vnni else 7}
    assert {choice.recipe.excluded for choice in found} == {()}


def test_choices_stand_only_where_they_apply():
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    for _ in range(200):
        recipe = suggest(study.ask(), list(space.PATHS), WORST).recipe
        path = f"{recipe.engine} {recipe.precision}"
        assert recipe.alpha is None or path in space.SMOOTHED
        assert bool(recipe.group) == (recipe.precision == "int8-weights")
        assert bool(recipe.bits) == (path == "onnxruntime int8")
        assert list(recipe.excluded) == WORST[: len(recipe.excluded)]
        assert len(recipe.excluded) <= (space.MOST_EXCLUDED if "int8" in recipe.precision else 0)


def test_the_engines_asked_for_are_the_only_ones():
    assert paths(["onnxruntime"]) == ["onnxruntime int8", "onnxruntime fp32"]


def test_an_engine_that_is_not_installed_says_so(monkeypatch):
    monkeypatch.setattr(space.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EncoderError, match=r"start\.py workshop"):
        paths(["openvino"])
