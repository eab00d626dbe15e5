import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import FormatError, WorkspaceError
from pipeline.settings import Settings, changed, read, to_toml


@given(
    st.builds(
        Settings,
        title=st.text(st.characters(exclude_categories=["Cs"])),
        encoders=st.just(("a", "œ")),
        top_k=st.integers(1, 1000),
        entry_text=st.sampled_from(["term", "explanation", "both", "mean"]),
    )
)
def test_settings_read_back_as_written(tmp_path_factory, settings):
    path = tmp_path_factory.mktemp("s") / "lexalign.toml"
    path.write_bytes(to_toml(settings).encode("utf8"))
    assert read(path) == settings


@pytest.mark.parametrize(
    "line",
    [
        "top_k = 0",
        'top_k = "ten"',
        "top_k = true",
        'encoders = "e5"',
        "encoders = []",
        'entry_text = "all"',
        "colour = 1",
        "top_k = ",
        "languages = [1]",
        "normalise = 1",
    ],
)
def test_a_wrong_setting_is_named(tmp_path, line):
    path = tmp_path / "lexalign.toml"
    path.write_text(line)
    with pytest.raises(FormatError) as error:
        read(path)
    assert line.split(" ")[0] in str(error.value) or "lexalign.toml" in str(error.value)


def test_no_project_says_how_to_make_one(tmp_path):
    with pytest.raises(WorkspaceError, match="lexalign init"):
        read(tmp_path / "lexalign.toml")


def test_another_encoding_is_an_error(tmp_path):
    (tmp_path / "lexalign.toml").write_bytes('title = "Œdème"'.encode("utf-16"))
    with pytest.raises(FormatError, match="UTF-8"):
        read(tmp_path / "lexalign.toml")


def test_the_box_has_weights_and_other_encoders_are_equal():
    assert Settings().shares(["lexalign-e5", "lexalign-minilm"]) == pytest.approx([2 / 3, 1 / 3])
    assert Settings().shares(["lexalign-minilm", "lexalign-e5"]) == pytest.approx([1 / 3, 2 / 3])
    assert Settings(encoders=("a", "b")).shares(["a", "b"]) == [0.5, 0.5]
    assert Settings().shares(["lexalign-e5"]) == [1]


def test_weights_belong_to_the_encoders_that_they_were_given_for():
    own = Settings(encoders=("a", "b"), weights=(1, 3))
    assert own.shares(["a", "b"]) == [0.25, 0.75]
    assert own.shares(["b", "a"]) == [0.5, 0.5]
    assert changed(own, encoders=("a", "c")).weights == ()
    assert changed(own, encoders=("a", "b")).weights == (1, 3)


@pytest.mark.parametrize("weights", [(1,), (1, 0), (1, 2, 3), ("1", "2"), (1.5, 1.0)])
def test_weights_that_fit_no_encoders_are_refused(weights):
    with pytest.raises(FormatError, match="weights"):
        Settings(encoders=("a", "b"), weights=weights)


def test_weights_are_written_and_read_back(tmp_path):
    own = Settings(encoders=("a", "b"), weights=(2, 3))
    (tmp_path / "lexalign.toml").write_text(to_toml(own), "utf8")
    assert read(tmp_path / "lexalign.toml") == own
