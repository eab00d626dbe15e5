"""An exported fp32 encoder in fewer bits: per-row INT8 for ONNX Runtime, bf16 and INT8 for OpenVINO.

Needs the extra `models` (onnx); for OpenVINO's precisions also the extra `openvino` (openvino, nncf).
"""
