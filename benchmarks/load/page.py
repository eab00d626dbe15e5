"""A page open in a browser, as far as the server can tell: Streamlit's messages over its WebSocket.

The browser sends every press with the widget's id and the fragment that drew it, both learnt from the deltas; it
keeps the address that the server gives it. Unlike a browser, this page does not send the values of fields that
nobody touched: the server takes their defaults.
"""

import asyncio
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Button_pb2 import Button
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

KEY = re.compile(r"\$\$ID-[^-]+-(.+)", re.DOTALL)
"""A widget's id ends in the key that the application gave it."""
FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
FAILED = ForwardMsg.FINISHED_WITH_COMPILE_ERROR
LARGEST = 64 * 2**20
PATIENCE = 60
GONE = (websockets.ConnectionClosed, websockets.InvalidMessage, OSError)
"""What a page meets whose server is gone, or gives no answer in time."""


class PageError(Exception):
    """The server answered, but not with a page: its words."""


@dataclass(frozen=True)
class Drawn:
    """A button as one run of the script drew it, `at` on the steady clock."""

    id: str
    fragment: str
    at: float


@dataclass
class Run:
    """What one run of the script brought: `buttons` by key, `said` in alerts, toasts and exceptions. `sent` is whether
    the press left this side: one on a page whose server is known to be gone does not."""

    began: float
    buttons: dict[str, Drawn] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    sent: bool = False
    ended: float = 0.0


class Page:
    """One tab. `query` is its address, which a reload would open again; `shown` is what the last run brought, as far
    as it came."""

    def __init__(self, port: int, query: str) -> None:
        self.query = query
        self.shown = Run(0.0)
        self._port = port
        self._hash = ""
        self._socket: ClientConnection | None = None

    async def open(self) -> Run:
        """Load the page of the address. Raises one of GONE without a server, PageError where it draws none."""
        await self.close()
        address = f"127.0.0.1:{self._port}"
        self._socket = await connect(
            f"ws://{address}/_stcore/stream",
            subprotocols=[websockets.Subprotocol("streamlit")],
            origin=websockets.Origin(f"http://{address}"),
            max_size=LARGEST,
            proxy=None,
        )
        self._hash = ""
        return await self._run(BackMsg())

    async def press(self, button: Drawn) -> Run:
        """Press it and wait for what the server draws then, to the end. Raises as `open`."""
        message = BackMsg()
        message.rerun_script.fragment_id = button.fragment
        message.rerun_script.widget_states.widgets.add(id=button.id, trigger_value=True)
        return await self._run(message)

    async def close(self) -> None:
        """Twice is once; a server that is gone already needs no goodbye."""
        if self._socket is not None:
            with suppress(*GONE):
                await self._socket.close()
            self._socket = None

    async def _run(self, message: BackMsg) -> Run:
        assert self._socket is not None
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash = self.query, self._hash
        asked.context_info.timezone, asked.context_info.locale = "Europe/Paris", "fr-FR"
        run = self.shown = Run(time.monotonic())
        async with asyncio.timeout(PATIENCE):
            await self._socket.send(message.SerializeToString())
            run.sent = True
            while not run.ended:
                data = await self._socket.recv()
                assert isinstance(data, bytes)
                self._read(ForwardMsg.FromString(data), run)
        return run

    def _read(self, message: ForwardMsg, run: Run) -> None:
        kind = message.WhichOneof("type")
        if kind == "delta":
            _drawn(message.delta, run)
        elif kind == "new_session":
            self._hash = message.new_session.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "script_finished" and message.script_finished == FAILED:
            raise PageError("the script does not compile")
        elif kind == "script_finished" and message.script_finished in FINISHED:
            run.ended = time.monotonic()


def _drawn(delta: Delta, run: Run) -> None:
    element = delta.new_element
    kind = element.WhichOneof("type") if delta.HasField("new_element") else None
    if kind == "button":
        run.buttons[key(element.button)] = Drawn(element.button.id, delta.fragment_id, time.monotonic())
    elif kind == "exception":
        run.said.append(f"{element.exception.type}: {element.exception.message}")
    elif kind in ("alert", "toast"):
        run.said.append(getattr(element, kind).body)


def key(button: Button) -> str:
    """The key that the application gave it; its whole id where it gave none."""
    found = KEY.fullmatch(button.id)
    return found[1] if found else button.id
