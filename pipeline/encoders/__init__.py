"""How an encoder gets into the house: catalogue, runtime, conversion."""
