"""`lexalign doctor`: what is installed, what is missing, what to do."""

import platform
import shutil
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import click

from pipeline.cli.options import json_option, pass_root, print_json
from pipeline.errors import LexalignError
from pipeline.extras import INSTALL

OPTIONAL = {
    "torch": f"only to add encoders: {INSTALL}",
    "openvino": f"only for the second engine: {INSTALL}",
    "optuna": f"only to search for the best INT8: {INSTALL}",
    "ctranslate2": f"only for a local translation model: {INSTALL}",
    "scispacy": "only for scispaCy's lemmas: see the README",
}
GIGABYTE = 1 << 30


@dataclass(frozen=True)
class Finding:
    """`state`: ok, optional (absent, and that is fine), or missing."""

    what: str
    state: str
    found: str
    remedy: str = ""


@click.command()
@json_option
@pass_root
def doctor(root: Path, as_json: bool) -> None:
    """Check this installation and, where there is one, the project. Exit code 1 where something is missing.

    \b
    Example: lexalign doctor
    """
    findings = [*_python(), *_packages(), *_encoders(), *_machine(root), *_project(root)]
    if as_json:
        print_json([asdict(finding) for finding in findings])
    for finding in [] if as_json else findings:
        click.echo(f"{finding.state:9} {finding.what:28} {finding.found}")
        if finding.remedy:
            click.echo(f"{'':9} -> {finding.remedy}")
    if any(finding.state == "missing" for finding in findings):
        raise SystemExit(1)


def _python() -> list[Finding]:
    right = sys.version_info >= (3, 11)
    return [
        Finding(
            "Python",
            "ok" if right else "missing",
            platform.python_version(),
            "" if right else "install Python 3.11 or later",
        )
    ]


def _packages() -> list[Finding]:
    from packaging.requirements import Requirement

    findings = []
    for line in requires("lexalign") or []:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            found = _version(requirement.name)
            right = found is not None and requirement.specifier.contains(found)
            findings.append(
                Finding(
                    requirement.name,
                    "ok" if right else "missing",
                    found or "not installed",
                    "" if right else f"needs {requirement}: python3 start.py",
                )
            )
    absent = {name: remedy for name, remedy in OPTIONAL.items() if _version(name) is None}
    return findings + [
        Finding(
            name, "optional" if name in absent else "ok", _version(name) or "not installed", absent.get(name, "")
        )
        for name in OPTIONAL
    ]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _encoders() -> list[Finding]:
    from pipeline.encoders import catalogue

    findings = []
    for name in catalogue.folders():
        try:
            findings.append(Finding(f"encoder {name}", "ok", f"fingerprint {catalogue.load(name).fingerprint}"))
        except LexalignError as error:
            findings.append(Finding(f"encoder {name}", "missing", str(error), "install Lexalign again"))
    return findings or [Finding("encoders", "missing", f"none in {catalogue.BUNDLED}", "install Lexalign again")]


def _machine(root: Path) -> list[Finding]:
    import psutil

    memory, place = psutil.virtual_memory().available / GIGABYTE, root.resolve()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free / GIGABYTE
    return [
        Finding(
            "free memory",
            "ok" if memory > 2 else "missing",
            f"{memory:.1f} GB",
            "" if memory > 2 else "a run needs about 2 GB: close other programs",
        ),
        Finding(
            "free disk",
            "ok" if free > 1 else "missing",
            f"{free:.1f} GB",
            "" if free > 1 else "free 1 GB at least",
        ),
    ]


def _project(root: Path) -> list[Finding]:
    from pipeline.workspace import KINDS, Workspace

    workspace = Workspace(root)
    if not workspace.toml.is_file():
        return [Finding("project", "optional", f"none in {root.resolve()}", "lexalign init DIR, or give -w DIR")]
    try:
        workspace.settings()
        found = [workspace.release(kind).name for kind in KINDS if workspace.has_release(kind)]
        found.append(f"{len(workspace.finished_runs())} finished runs")
    except LexalignError as error:
        return [Finding("project", "missing", str(error))]
    return [Finding("project", "ok", ", ".join(found))]
