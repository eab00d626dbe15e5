"""Olive's user script: the calibration texts, as token ids, one text a batch. Run in Olive's environment."""

import json
import os
from pathlib import Path

import torch
from olive.data.registry import Registry


class Texts(torch.utils.data.Dataset):
    """What benchmarks/olive/compare.py wrote: a list of lists of token ids."""

    def __init__(self, ids: list[list[int]], inputs: list[str]) -> None:
        self._ids, self._inputs = ids, inputs

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, place: int) -> tuple[dict[str, torch.Tensor], int]:
        ids = torch.tensor(self._ids[place])
        fed = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "token_type_ids": torch.zeros_like(ids)}
        return {name: fed[name] for name in self._inputs}, 0


@Registry.register_dataset()
def lexalign_texts(**_: object) -> Texts:
    told = json.loads(Path(os.environ["LEXALIGN_CALIBRATION"]).read_text("utf-8"))
    return Texts(told["ids"], told["inputs"])
