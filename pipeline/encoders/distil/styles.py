"""Which losses count in a distillation, and how much."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Style:
    """Weights of the losses of `losses.py`, and of `train.losses.contrast` on texts of one concept. That last one
    stands where the works have masked words to guess: an encoder of terms is there to tell concepts apart, and its
    folder has no such head. `every_layer`: whether states and attention are compared at each of the student's layers
    or at the last only."""

    hidden: float = 0
    attention: float = 0
    embedding: float = 0
    similarity: float = 0
    alignment: float = 0
    contrast: float = 0
    every_layer: bool = True

    @property
    def looks_inside(self) -> bool:
        """Whether the teacher's vectors alone are not enough."""
        return bool(self.hidden or self.attention)

    @property
    def needs_one_dimension(self) -> bool:
        """Whether the two vectors of a text are compared with each other."""
        return bool(self.embedding or self.alignment)


STYLES = {
    "distil": Style(hidden=1, embedding=1, similarity=1, contrast=1, every_layer=False),
    "tiny": Style(hidden=1, attention=1, contrast=1),
    "compact": Style(hidden=1, attention=1, embedding=1, similarity=1, contrast=1),
    "vectors": Style(embedding=1, similarity=1),
    "relations": Style(similarity=1),
}
"""As DistilBioBERT, TinyBioBERT and CompactBioBERT (Rohanian et al. 2023), the distribution over words that the first
and the last copy being the vector here. "vectors" asks of a teacher nothing else, "relations" not even the student's
dimension. All weigh 1: nothing was tuned."""

KALE = Style(alignment=10)
"""Campos et al. 2023: the loss times ten, nothing else."""
