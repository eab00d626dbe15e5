"""An exported graph run for what flows inside it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from pipeline.encoders.engines import INPUTS
from pipeline.encoders.tokens import batches

BATCH_TOKENS = 512


class Tap:
    """`model` as the graph of <folder>/model.onnx or changed in memory; its outputs become `names`. Weights stay
    where they are on the disk."""

    def __init__(self, model: onnx.ModelProto, folder: Path, names: Sequence[str]) -> None:
        self._names = list(names)
        del model.graph.output[:]
        model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # what lies outside is found beside the model although the graph itself is in memory
        options.add_session_config_entry(
            "session.model_external_initializers_file_folder_path", str(folder.resolve())
        )
        options.add_session_config_entry("session.disable_prepacking", "1")  # few runs, many sessions
        content = model.SerializeToString()
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self._inputs = [entry.name for entry in self._session.get_inputs()]

    def runs(
        self, tokens: Sequence[Sequence[int]], *, pad_to: int = 0
    ) -> Iterator[tuple[list[int], dict[str, np.ndarray]]]:
        """(places of the texts in `tokens`, name -> what flowed there), a batch at a time."""
        for places, ids, mask in batches(tokens, batch_tokens=BATCH_TOKENS, pad_to=pad_to):
            feeds = dict(zip(INPUTS, (ids, mask, np.zeros_like(ids)), strict=True))
            found = self._session.run(self._names, {name: feeds[name] for name in self._inputs})
            yield places, dict(zip(self._names, found, strict=True))
