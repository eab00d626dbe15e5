"""Run a command and write down how it ended: `python -m app.services.detached STATE LOG COMMAND…`.

It stands between the application and a long command, so that the command outlives the page and the server, and its
exit code is known to whoever looks later.
"""

import subprocess
import sys
from pathlib import Path

from pipeline.files import read_json, write_json


def main(state: Path, log: Path, command: list[str]) -> int:
    with log.open("wb") as out:
        code = subprocess.run(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, check=False).returncode
    write_json(state, read_json(state) | {"code": code})
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]))
