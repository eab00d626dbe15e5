"""What a card says of an encoder, in words and numbers."""

import streamlit as st

from app import markup
from app.services import encoders
from app.services.encoders import Shown
from app.session import n, t
from pipeline.encoders.card import NO_LICENCE, Card


def facts(one: Shown, card: Card) -> None:
    shown = {
        t("encoders.languages"): ", ".join(card.languages),
        t("encoders.dimension"): n(card.dimension),
        t("encoders.precision"): card.precision,
        t("encoders.engine"): card.engine,
        t("encoders.size"): t("encoders.megabytes", size=n(card.bytes / 1e6, 1)),
        t("encoders.licence"): t("encoders.no_licence") if card.licence == NO_LICENCE else card.licence,
        t("encoders.drift"): _drift(one),
        t("encoders.speed"): _speed(one),
        t("encoders.source"): " · ".join(filter(None, [card.source, card.revision[:12]])),
    }
    wide = [t(f"encoders.{name}") for name in ("drift", "speed", "source")]
    st.html(markup.facts(shown, wide))


def details(card: Card) -> None:
    """What the fingerprint is made of, and the whole card."""
    st.caption(t("encoders.fingerprint"))
    shown = {
        t("encoders.sha"): card.model_sha256[:12],
        t("encoders.pooling"): card.pooling,
        t("encoders.max_length"): n(card.max_length),
        t("encoders.case"): t("encoders.lower") if card.lowercase else t("encoders.kept_case"),
        t("encoders.prefix"): card.prefix and f"“{card.prefix}”",
        t("encoders.suffix"): card.suffix and f"“{card.suffix}”",
        t("encoders.pad_to"): n(card.pad_to) if card.pad_to else "",
    }
    st.html(markup.facts(shown))
    st.json(encoders.whole_card(card), expanded=1)


def _drift(one: Shown) -> str:
    found = one.measured.get("drift")
    if found is None:
        return t("encoders.is_fp32") if one.measured else t("encoders.not_measured")
    kept = t("encoders.percent", share=n(found["neighbours"] * 100, 1))
    return t("encoders.drift_is", mean=n(found["mean_cosine"], 4), kept=kept, texts=found["texts"])


def _speed(one: Shown) -> str:
    found = one.measured.get("speed")
    if found is None:
        return t("encoders.not_measured")
    on = " · ".join(filter(None, [found.get("instruction_set"), found.get("cpu")]))
    return t("encoders.speed_is", speed=n(found["texts_per_second"], 0), threads=found["threads"], on=on)
