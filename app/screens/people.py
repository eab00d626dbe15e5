"""Who takes part, what they may, and how they get in."""

from datetime import UTC, datetime

import streamlit as st

from app import session
from app.screens.people_invite import invitation
from app.services import people
from app.services.people import Member
from app.session import t
from curation_db.access import ROLES


def screen() -> None:
    st.title(t("page.people"))
    team = session.team()
    st.caption(t("people.team") if team else t("people.local"))
    if team:
        invitation()
    for member in people.members(session.workspace(), session.store(), session.me()):
        with st.container(border=True, key=f"member_{member.name}"):
            _member(member, team=team)


def _member(member: Member, *, team: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{session.plain(member.name)}**  \n:small[{_ways(member, team=team)}]", width="stretch")
        if team and member.role != "former":
            st.button(
                t("people.new_code"),
                key=f"code_{member.name}",
                help=t("people.new_code_help"),
                on_click=_new_code,
                args=(member.name,),
            )
        key = (
            f"role_{member.name}_{member.role}"  # another key once it changed, so that a refusal shows the old one
        )
        st.selectbox(
            t("people.role"),
            ROLES,
            ROLES.index(member.role),
            format_func=lambda role: t(f"people.role_{role}"),
            key=key,
            label_visibility="collapsed",
            width=210,
            on_change=_set_role,
            args=(member.name, key),
        )


def _ways(member: Member, *, team: bool) -> str:
    ways = [session.plain(one) for one in member.allowed]
    if member.password:
        ways.append(t("people.by_password"))
    if member.code_until is not None:
        until = datetime.fromtimestamp(member.code_until, UTC)
        ways.append(t("people.by_code", until=session.when(until).split()[0]))
    return " · ".join(ways) or (t("people.no_way") if team else t(f"people.may_{member.role}"))


def _set_role(name: str, key: str) -> None:
    role = st.session_state[key]
    asked = (session.workspace(), session.store(), session.person() or "", name, role)
    session.attempt(people.set_role, *asked, at=session.now())


def _new_code(name: str) -> None:
    asked = (session.workspace(), session.store(), session.person() or "", name)
    code = session.attempt(people.new_code, *asked, at=session.now())
    if code is not None:
        st.session_state.fresh_code = (name, code)
