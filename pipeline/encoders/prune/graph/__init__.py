"""Where an exported graph has a width of its own between products by weights, and how to cut it down.

Needs onnx (the extra `models`).
"""
