"""`lexalign evaluate`: figures against gold, and the group of all such commands."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from pipeline.cli.agreement import agreement
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
    """Measure the encoders and their merge against gold, and people against each other."""


evaluate.add_command(agreement)


NOISES = ("keyboard", "accents", "elisions", "sounds", "scan", "spaces", "telephone")
GROUPS = ("match", "source", "length", "explanation")
"""Those of `pipeline.encoders.noise` and `pipeline.evaluate.linking`, which load too much to be asked for --help."""


@evaluate.command()
@click.argument("gold", type=click.Path(path_type=Path))
@click.option(
    "--noise",
    "noises",
    multiple=True,
    type=click.Choice(["all", *NOISES]),
    help="Also misspell the entries so, and tell what accuracy loses; all takes each of them in turn.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of --noise.")
@click.option(
    "--by",
    type=click.Choice(GROUPS),
    default="match",
    show_default=True,
    help="Which groups of entries have figures of their own.",
)
@click.option(
    "--language", "only", metavar="LAT", help="Ask the target's names of this language alone, such as FRE."
)
@encoding_options
@progress_option
@json_option
@pass_root
def linking(
    root: Path,
    gold: Path,
    noises: tuple[str, ...],
    seed: int,
    by: Any,
    only: str | None,
    names: tuple[str, ...],
    how: str,
    as_json: bool,
    **given: Any,
) -> None:
    """Accuracy at 1 and 5 and mean reciprocal rank on GOLD, a TSV: term, explanation, cuis, source, match; and what
    the merged list wins over each encoder.

    With --noise the same target is asked again with misspelt entries: nothing of it is encoded anew.

    \b
    Examples:
      lexalign -w mon-lexique evaluate linking linking_dev.tsv --json
      lexalign -w mon-lexique evaluate linking linking_dev.tsv --by length --language FRE
      lexalign -w mon-lexique evaluate linking linking_dev.tsv --noise keyboard --noise sounds
    """
    from pipeline.answers import answers
    from pipeline.evaluate import noise
    from pipeline.evaluate.linking import read_gold

    settings = changed(workspace_of(root).settings(), encoders=names or None, **given)
    wanted = read_gold(gold)
    encoders = encoders_of(settings)
    report: dict[str, Any] = {"gold": str(gold), "entry_text": settings.entry_text}
    with progress_of(how) as progress:
        answer = answers(workspace_of(root), encoders, settings, language=only, progress=progress)
        if noises:
            noise.check(encoders)
            chosen = NOISES if "all" in noises else noises
            report |= {"seed": seed, "noises": noise.robustness(wanted, chosen, answer, seed=seed)}
        else:
            report |= _report(wanted, answer(wanted.entries), by)
    if as_json:
        print_json(report)
    else:
        click.echo(_noise_table(report["noises"]) if noises else _table(report["systems"], report["gains"]))


def _report(gold: Any, answers: Mapping[str, Any], by: Any) -> dict[str, Any]:
    from pipeline.evaluate.gain import gain
    from pipeline.evaluate.linking import first_right, score

    ranks = {name: first_right(gold, rows) for name, rows in answers.items()}
    gains = {name: gain(ranks[name], ranks["merged"]) for name in ranks if name != "merged"}
    return {"systems": {name: score(gold, rows, by) for name, rows in answers.items()}, "gains": gains}


def _table(systems: dict[str, dict[str, dict]], gains: dict[str, Any]) -> str:
    lines = [
        f"{'system':28} {'entries':17} {'n':>6} {'acc@1':>6} {'95 %':>13} {'acc@5':>6} {'95 %':>13} {'MRR':>6}"
    ]
    for system, kinds in systems.items():
        for kind, row in kinds.items():
            if row["n"]:
                spans = ["{:.1f}–{:.1f}".format(*(100 * x for x in row[f"accuracy@{k}_interval"])) for k in (1, 5)]
                lines.append(
                    f"{system:28} {kind:17} {row['n']:6} {100 * row['accuracy@1']:6.1f} {spans[0]:>13} "
                    f"{100 * row['accuracy@5']:6.1f} {spans[1]:>13} {row['mrr']:6.3f}"
                )
    won = [
        f"merged over {name}: {_paired(row['gain@1'])} at 1, {_paired(row['gain@5'])} at 5"
        for name, row in gains.items()
    ]
    return "\n".join([*lines, *won])


def _noise_table(found: dict[str, Any]) -> str:
    """In per cent; a gain (a loss, as a rule) with its interval stands beside the accuracy that it leads to."""
    lines = [f"{'system':28} {'noise':10} {'changed':>7} {'acc@1':>6} {'gain':>18} {'acc@5':>6} {'gain':>18}"]
    for system in found["clean"]["systems"]:
        for noise, kind in found.items():
            row = kind["systems"][system]
            cells = [f"{100 * row[f'accuracy@{k}']:6.1f} {_paired(row.get(f'gain@{k}')):>18}" for k in (1, 5)]
            lines.append(f"{system:28} {noise:10} {kind.get('changed', 0):7} {' '.join(cells)}")
    return "\n".join(lines)


def _paired(found: dict[str, Any] | None) -> str:
    if not found:
        return ""
    return "{:+.1f} [{:+.1f}, {:+.1f}]".format(*(100 * share for share in (found["value"], *found["interval"])))
