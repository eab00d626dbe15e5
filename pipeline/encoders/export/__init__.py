"""Any transformers or sentence-transformers folder, or a hub's name, becomes an ONNX model and a tokenizer.json.

Needs the extra `models`; nothing outside this package imports it before one of its functions is called.
"""
