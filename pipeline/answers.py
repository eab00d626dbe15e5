"""What the encoders of a project propose for any entries: whom the figures against gold are of."""

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.align import propose
from pipeline.contracts import Encoder
from pipeline.evaluate.noise import Answer
from pipeline.prepare import Preparation, normaliser
from pipeline.progress import Progress, silent
from pipeline.settings import Settings
from pipeline.terms import read_release
from pipeline.translate import Memory
from pipeline.workspace import Workspace


def answers(
    workspace: Workspace,
    encoders: Sequence[Encoder],
    settings: Settings,
    *,
    language: str | None = None,
    progress: Progress = silent,
) -> Answer:
    """Entries -> the candidates of each encoder, by its name, and of their merge, "merged". `language`: of the atoms
    (LAT) that are asked, all if not given. Raises WorkspaceError where the project has no release of UMLS."""
    atoms, definitions = read_release(workspace.release("umls"))
    if language:
        atoms = atoms.filter(pc.field("LAT") == language)
    prepare = Preparation(Memory(workspace.translations), normaliser(settings))

    def answer(entries: pa.Table) -> Mapping[str, pa.Table]:
        found = propose(
            entries,
            atoms,
            encoders,
            settings,
            prepare=prepare,
            definitions=definitions,
            cache=workspace.embeddings,
            progress=progress,
        )
        rows = found.candidates
        each = {encoder.name: rows.filter(pc.equal(rows["encoder"], encoder.name)) for encoder in encoders}
        return each | {"merged": found.merged}

    return answer
