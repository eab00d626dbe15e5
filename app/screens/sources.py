"""What the project is made from: the lexicon, UMLS, their integrity reports, the settings."""

import streamlit as st

from app import figures, session
from app.screens.ingest import ingest
from app.screens.settings import form
from app.services import sources
from app.session import n, t


def screen() -> None:
    st.title(t("page.sources"))
    lexicon, umls, settings = st.tabs([t("sources.lexicon"), t("sources.umls"), t("sources.settings")])
    with lexicon:
        _release("lexicon")
    with umls:
        _release("umls")
    with settings:
        form()


def _release(kind: str) -> None:
    release = sources.release(session.workspace(), kind)
    if release is None:
        st.info(t(f"sources.no_{kind}"))
    else:
        st.caption(t("sources.release", name=release.name))
        _counts(release)
        _details(release)
    with st.expander(t(f"sources.add_{kind}"), expanded=release is None):
        ingest(kind)


def _counts(release: sources.Release) -> None:
    report = release.report
    concepts = report.get("concepts", {})
    shown = (
        {"entries": report.get("entries"), "duplicates": report.get("exact_duplicates")}
        if release.kind == "lexicon"
        else {
            "atoms": report.get("atoms"),
            "concepts": concepts.get("concepts"),
            "typed": concepts.get("with_semantic_type"),
            "defined": concepts.get("with_definition"),
        }
    )
    repeats = report.get("term_duplicates", report.get("string_duplicates", {}))
    rejected = report.get("rejects", sum(report.get("rejects_by_reason", {}).values()))
    with st.container(horizontal=True, key=f"counts_{release.kind}"):
        for name, value in (shown | {"repeats": repeats.get("folded"), "rejects": rejected}).items():
            st.metric(t(f"sources.{name}"), n(value), help=t(f"sources.{name}_help"), width=150)


def _details(release: sources.Release) -> None:
    report, workspace = release.report, session.workspace()
    if reasons := report.get("rejects_by_reason"):
        st.subheader(t("sources.rejects"))
        figures.show(figures.ranking(reasons, t("sources.rows")), f"why_{release.kind}")
        st.dataframe(sources.rejects(workspace, release.kind), hide_index=True, height=220)
    groups = [name for name in ("languages", "sources", "semantic_types") if report.get(name)]
    lengths = [name for name in ("term_length", "explanation_length", "string_length") if report.get(name)]
    for place, name in zip(st.columns(max(1, len(lengths))), lengths, strict=False):
        with place:
            st.subheader(t(f"sources.{name}"))
            bins = sources.filled(report[name]["histogram"])
            chart = figures.bars(list(bins), list(bins.values()), t("sources.characters"), t("sources.rows"))
            figures.show(chart, f"{release.kind}_{name}")
    for place, name in zip(st.columns(max(1, len(groups))), groups, strict=False):
        with place:
            st.subheader(t(f"sources.by_{name}"))
            top = dict(list(report[name].items())[:12])
            figures.show(figures.ranking(top, t("sources.rows")), f"{release.kind}_{name}")
