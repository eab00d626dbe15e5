"""Small encoders that differ on purpose, and what they are taught."""

import json
import shutil
from pathlib import Path
from typing import Any

from pipeline.encoders import texts as known_texts
from pipeline.encoders.train.draws import Drawing
from pipeline.encoders.train.lessons import Lesson, Taught

NAMES = known_texts.sample(most=64)
LESSONS = [
    Lesson((f"X:{place}",), tuple(Taught((f"X:{place}",), text, "fr", "name") for text in pair))
    for place, pair in enumerate(zip(NAMES[::2], NAMES[1::2], strict=True))
]
FEW = Drawing(concepts=8, noise=0)


def twin(folder: Path, to: Path, **changes: Any) -> Path:
    """As `folder`, with the same tokenizer, but random weights so large that each layer tells, and `changes` in its
    configuration."""
    import torch
    from transformers import AutoConfig, AutoModel

    shutil.copytree(folder, to)
    torch.manual_seed(7)
    config = AutoConfig.from_pretrained(folder, initializer_range=0.12, **changes)
    AutoModel.from_config(config, add_pooling_layer=False).save_pretrained(to)
    pooling = json.loads((to / "1_Pooling" / "config.json").read_text("utf-8"))
    pooling["word_embedding_dimension"] = config.hidden_size
    (to / "1_Pooling" / "config.json").write_text(json.dumps(pooling), "utf-8")
    return to
