"""Starting the server: on which address, in which mode, with which words."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from app.services import membership, vault
from app.services.membership import LOOPBACK, OPEN
from curation_db.store import open_store
from pipeline.cli.options import say
from pipeline.errors import InputError, Refused
from pipeline.workspace import Workspace

SERVER = Path(__file__).with_name("server.py")


def serve(workspace: Workspace, port: int, address: str, no_browser: bool) -> None:
    """Run Streamlit until it is stopped. Raises InputError where the port is taken, Refused where others than this
    machine would reach a project that asks for no password."""
    local = address in LOOPBACK
    if not vault.there(workspace) and not local:
        raise Refused(OPEN.format(address=address))
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except OSError as error:
            raise InputError(
                f"{address}:{port}: {error.strerror}; is Lexalign open there already? Look, or give another --port"
            ) from error
    _tell_setup_code(workspace)
    say(f"Lexalign: http://{'localhost' if local else address}:{port} (stop with Ctrl-C)")
    if not local:
        say("Passwords would cross the network as they are: let people in through a proxy that speaks HTTPS.")
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(SERVER),
        "--server.port",
        str(port),
        "--server.address",
        address,
        "--server.headless",
        str(no_browser).lower(),
    ]
    environment = os.environ | {"LEXALIGN_WORKSPACE": str(workspace.root.resolve())}
    raise SystemExit(subprocess.run(command, env=environment, check=False).returncode)


def _tell_setup_code(workspace: Workspace) -> None:
    if vault.there(workspace):
        with open_store(workspace.curation) as store:
            code = membership.setup_code(workspace, store)
        if code:
            say(f"Set-up code for the first administrator, asked for in the browser: {code}")
