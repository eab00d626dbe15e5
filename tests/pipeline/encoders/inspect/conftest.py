"""The tiny encoder in fp32."""

from pathlib import Path

import pytest

from pipeline.encoders import add
from pipeline.encoders.card import Card
from pipeline.encoders.recipe import Recipe


@pytest.fixture(scope="session")
def fp32(workshop: Path, source_folder: Path, texts: list[str]) -> Card:
    origin = add.Origin(folder=source_folder, source="tiny-bert")
    recipe = Recipe(engine="onnxruntime", precision="fp32")
    choices = add.Choices(languages=("fr",))
    return add.add(origin, recipe, choices, name="inspected-fp32", texts=texts)[0]
