"""`lexalign evaluate`: figures against gold."""

from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import (
    encoders_of,
    encoding_options,
    json_option,
    pass_root,
    print_json,
    progress_of,
    progress_option,
    workspace_of,
)
from pipeline.settings import changed


@click.group()
def evaluate() -> None:
    """Measure the encoders and their merge against gold."""


@evaluate.command()
@click.argument("gold", type=click.Path(path_type=Path))
@encoding_options
@progress_option
@json_option
@pass_root
def linking(root: Path, gold: Path, names: tuple[str, ...], how: str, as_json: bool, **given: Any) -> None:
    """Accuracy at 1 and 5 and mean reciprocal rank on GOLD, a TSV: term, explanation, cuis, source, match.

    \b
    Example: lexalign -w mon-lexique evaluate linking linking_dev.tsv --json
    """
    import pyarrow.parquet as pq

    from pipeline.align import propose
    from pipeline.evaluate.linking import read_gold, score
    from pipeline.prepare import Preparation, normaliser
    from pipeline.translate import Memory

    workspace = workspace_of(root)
    settings = changed(workspace.settings(), encoders=names or None, **given)
    wanted = read_gold(gold)
    encoders = encoders_of(settings)
    atoms = pq.read_table(workspace.release("umls") / "atoms.parquet")
    with progress_of(how) as progress:
        found = propose(
            wanted.entries,
            atoms,
            encoders,
            settings,
            prepare=Preparation(Memory(workspace.translations), normaliser(settings)),
            cache=workspace.embeddings,
            progress=progress,
        )
    rows = found.candidates
    systems = {encoder.name: score(wanted, rows.filter(_is(rows, encoder.name))) for encoder in encoders}
    systems["merged"] = score(wanted, found.merged)
    if as_json:
        print_json({"gold": str(gold), "entry_text": settings.entry_text, "systems": systems})
    else:
        click.echo(_table(systems))


def _is(rows: Any, name: str) -> Any:
    import pyarrow.compute as pc

    return pc.equal(rows["encoder"], name)


def _table(systems: dict[str, dict[str, dict]]) -> str:
    lines = [f"{'system':28} {'match':10} {'n':>6} {'acc@1':>6} {'95 %':>13} {'acc@5':>6} {'95 %':>13} {'MRR':>6}"]
    for system, kinds in systems.items():
        for kind, row in kinds.items():
            if row["n"]:
                spans = ["{:.1f}–{:.1f}".format(*(100 * x for x in row[f"accuracy@{k}_interval"])) for k in (1, 5)]
                lines.append(
                    f"{system:28} {kind:10} {row['n']:6} {100 * row['accuracy@1']:6.1f} {spans[0]:>13} "
                    f"{100 * row['accuracy@5']:6.1f} {spans[1]:>13} {row['mrr']:6.3f}"
                )
    return "\n".join(lines)
