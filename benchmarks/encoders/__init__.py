"""The encoders' benchmark: Lexalign and its peers on the same strings and cores, in interleaved runs."""
