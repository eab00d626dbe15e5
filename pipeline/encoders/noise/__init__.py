"""How French is written in haste: what an encoder is hardened against and measured under.

Each noise takes a text and NumPy's generator, and changes one place or a few; the same generator writes the same
text. The first letter stays (but for its accent), a text is never left empty, and one without a place to change stays
as it is. CAPOT (Campos et al. 2023) has English's kinds; these are French's. What is said in tables beside this file
is mended there:
- `sounds.tsv`: spellings that are pronounced alike, or are taken for it, each in the context where it is;
- `scan.tsv`: what a scanned letter is misread as;
- `telephone.tsv`: words as telephones are written to, of texts that have lost their accents.
"""

from pipeline.encoders.noise.noises import NOISES, misspelt, noisy

__all__ = ["NOISES", "misspelt", "noisy"]
