"""The tiny encoder in fp32 and a small sample to search it on."""

from pathlib import Path

import pytest

from pipeline.encoders import add
from pipeline.encoders.card import Card
from pipeline.encoders.recipe import Recipe
from pipeline.encoders.search.sample import Sample, from_synonyms, sample_atoms


@pytest.fixture(scope="session")
def fp32(workshop: Path, source_folder: Path, texts: list[str]) -> Card:
    origin = add.Origin(folder=source_folder, source="tiny-bert")
    recipe = Recipe(engine="onnxruntime", precision="fp32")
    choices = add.Choices(languages=("fr",))
    return add.add(origin, recipe, choices, name="searched-fp32", texts=texts)[0]


@pytest.fixture(scope="session")
def synonyms() -> Sample:
    return from_synonyms(sample_atoms(), ["fr"], queries=40, pool=200, of="sample")
