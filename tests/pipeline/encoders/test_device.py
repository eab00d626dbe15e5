"""Where an encoder runs: --device auto, cpu, cuda."""

import dataclasses

import numpy as np
import onnxruntime
import pytest

from pipeline.encoders import catalogue
from pipeline.encoders.encoder import FolderEncoder
from pipeline.encoders.engines.ort import CUDA
from pipeline.errors import EncoderError

GPU = CUDA in onnxruntime.get_available_providers()
NAME = "lexalign-e5"
TOLERANCE = {"fp32": 1e-4, "fp16": 1e-2}
"""Largest difference of a component of a unit vector between a GPU and the CPU's fp32; stated in docs/encoders.md."""


def test_int8_stays_on_the_cpu():
    assert catalogue.load(NAME, device="auto").device == "cpu"


def test_cuda_for_an_int8_encoder_says_what_to_do():
    with pytest.raises(EncoderError, match="--precision fp16"):
        catalogue.load(NAME, device="cuda")


@pytest.mark.skipif(GPU, reason="this ONNX Runtime has CUDA")
def test_cuda_without_a_gpu_build_says_what_to_install():
    card = dataclasses.replace(catalogue.card(NAME), precision="fp16")
    with pytest.raises(EncoderError, match="onnxruntime-gpu"):
        FolderEncoder(card, device="cuda")


@pytest.mark.skipif(not GPU, reason="no CUDA: install onnxruntime-gpu on a machine with an NVIDIA GPU to run this")
@pytest.mark.parametrize("precision", ["fp32", "fp16"])
def test_a_gpu_gives_the_cpu_s_vectors_within_the_stated_tolerance(workshop, source_folder, texts, precision):
    from pipeline.encoders import add
    from pipeline.encoders.recipe import Recipe

    made = add.add(
        add.Origin(folder=source_folder, source="tiny-bert"),
        Recipe(engine="onnxruntime", precision=precision),
        add.Choices(languages=("fr",)),
        name=f"gpu-{precision}",
        texts=texts,
    )
    expected = FolderEncoder(made[0], device="cpu").encode(texts)
    encoder = FolderEncoder(made[-1], device="auto")
    assert encoder.device == "cuda"
    np.testing.assert_allclose(encoder.encode(texts), expected, atol=TOLERANCE[precision])
