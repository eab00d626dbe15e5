"""Lexalign's encoders and their peers on the same strings and cores, in interleaved runs.

    python benchmarks/encoders [--quick] [--shapes minilm bert-base xlmr-large] [--rounds 5] [--resume]

The first run makes its environments and models under --cache. Needs Python 3.11 or later and nothing else.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
if str(HOME) not in sys.path[:1]:
    sys.path[0] = str(HOME)  # run by its folder's name, Python puts that folder there

from benchmarks.encoders import environments  # noqa: E402 - found through the line above

CACHE = Path.home() / ".cache" / "lexalign-benchmarks"
IN_MAIN = "LEXALIGN_BENCHMARK_MAIN"


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/encoders", description=__doc__.splitlines()[0])
    shapes = ("minilm", "bert-base", "xlmr-large")
    parser.add_argument("--shapes", nargs="+", choices=shapes, default=shapes)
    parser.add_argument("--contenders", nargs="+", help="only these, by the names of contenders.py")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--strings", type=int, default=0, help="a turn of the fast ones; default: each shape's own"
    )
    parser.add_argument("--quick", action="store_true", help="one round of a twentieth of the strings: a trial")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--resume", action="store_true", help="keep the shapes that --out already has")
    parser.add_argument("--skip-search", action="store_true", help="take the last run's ratios")
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--out", type=Path, default=HOME / "benchmarks" / "results" / "latest.json")
    return parser.parse_args()


def main() -> None:
    options = parsed()
    if os.environ.get(IN_MAIN):
        from benchmarks.encoders import commandline

        commandline.main(options)
        return
    interpreter = environments.python("main", options.cache)
    command = [str(interpreter), "-m", "benchmarks.encoders", *sys.argv[1:]]
    sys.exit(subprocess.run(command, cwd=HOME, env=os.environ | {IN_MAIN: "1"}, check=False).returncode)


if __name__ == "__main__":
    main()
