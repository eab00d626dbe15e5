"""What quantising does to an encoder: layer by layer, in its activations, and in what it costs to run.

Needs the extra `models` (onnx); energy also the extra `energy` (codecarbon).
"""
