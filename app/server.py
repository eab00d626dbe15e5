"""The application as a server: Streamlit's own, and the one request that gives a browser its cookie."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from streamlit.starlette import App

from app.services import membership, people
from pipeline.workspace import Workspace

workspace = Workspace(Path(os.environ.get("LEXALIGN_WORKSPACE", ".")).resolve())


async def enter(request: Request) -> Response:
    """Exchange a ticket for the cookie of a visit: no script can read that one, and no other site sends it."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return PlainTextResponse("only from the application's own page", 403)
    name = membership.TICKETS.take((await request.body()).decode("ascii", "replace"), time.monotonic())
    if name is None or not membership.team(workspace):
        return PlainTextResponse("used or too old; sign in again", 403)
    token = await run_in_threadpool(membership.enter, workspace, name, at=datetime.now(UTC))
    response = Response(status_code=204, headers={"Cache-Control": "no-store"})
    response.set_cookie(
        membership.COOKIE,
        token,
        max_age=int(membership.VISIT.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


app = App(
    Path(__file__).with_name("main.py"),
    routes=[Route(membership.ENTER, enter, methods=["POST"])],
    secrets=people.secrets_of(workspace),
)
