"""How the bundled encoders were made: `python -m pipeline.encoders.convert --help`

Needs onnx, and for use-multilingual sentencepiece, besides the house's own dependencies.
"""
