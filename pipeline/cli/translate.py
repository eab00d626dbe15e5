"""`lexalign translate`: fill the translation memory, after showing what would be sent."""

from pathlib import Path

import click

from pipeline.cli.options import pass_root, progress_of, progress_option, say, workspace_of
from pipeline.errors import TranslationError
from pipeline.settings import EntryText


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from pipeline.translate import names

    return [name for name in names() if name.startswith(incomplete)]


@click.command()
@click.option(
    "--with",
    "name",
    metavar="NAME",
    shell_complete=_complete,
    help="google, deepl, microsoft, libretranslate or local; the project's if not given.",
)
@click.option("--url", help="Another address of the service, for example your own LibreTranslate.")
@click.option("--folder", type=click.Path(path_type=Path), help="The CTranslate2 or Marian model of --with local.")
@click.option("--lexicon-only", is_flag=True, help="Not the French strings of concepts without English names.")
@click.option("--preview", "only_preview", is_flag=True, help="Show what would be sent, and stop.")
@click.option("--yes", is_flag=True, help="Do not ask before sending.")
@progress_option
@pass_root
def translate(
    root: Path,
    name: str | None,
    url: str | None,
    folder: Path | None,
    lexicon_only: bool,
    only_preview: bool,
    yes: bool,
    how: str,
) -> None:
    """Translate what encoders without French need: the lexicon, and concepts that have no English name.

    A text is translated once for ever; nothing leaves this machine before you agreed. Keys of services are read
    from the environment: LEXALIGN_DEEPL_KEY and so on.

    \b
    Examples:
      lexalign -w mon-lexique translate --with deepl --preview
      lexalign -w mon-lexique translate --with local --folder opus-mt-fr-en
    """
    from pipeline.translate import Memory, make, preview, translate_missing

    workspace = workspace_of(root)
    translator = make(name or workspace.settings().translator, url=url, folder=folder)
    if translator is None:
        raise TranslationError(
            "no translator; the project's encoders read French. Name one with --with if you need it"
        )
    memory, texts = Memory(workspace.translations), _texts(workspace, lexicon_only)
    shown = preview(texts, memory, translator)
    where = f"be sent to {shown.host}" if shown.host else "be translated on this machine"
    say(f"{shown.count} texts ({shown.characters} characters) would {where}, such as:")
    for text in shown.first:
        say(f"  {text}")
    if only_preview or not shown.count:
        return
    if shown.host and not yes:
        click.confirm("Send them?", abort=True, err=True)
    with progress_of(how) as progress:
        report = translate_missing(texts, translator, memory, progress=progress)
    for failure in report.failures:
        say(f"not translated: {failure.text}: {failure.reason}")
    say(f"{report.translated} translated, {report.known} known before, {len(report.failures)} not translated")


def _texts(workspace, lexicon_only: bool) -> list[str]:
    import pyarrow.parquet as pq

    from pipeline.align import entry_texts
    from pipeline.encoders import catalogue
    from pipeline.prepare import untranslated
    from pipeline.terms import terms_of

    settings = workspace.settings()
    entries = pq.read_table(workspace.release("lexicon") / "entries.parquet")
    # an encoder with marks is given term and explanation translated each by itself
    marked = settings.entry_text == "both" and any(catalogue.card(name).marks for name in settings.encoders)
    which: EntryText = "mean" if marked else settings.entry_text
    texts = [text for _, part in entry_texts(entries, which) for text in part]
    if lexicon_only:
        return texts
    return untranslated(
        texts, terms_of(pq.read_table(workspace.release("umls") / "atoms.parquet"), settings.languages)
    )
