"""Settling what people do not agree on: the cases, what was said of each, and the decision."""
