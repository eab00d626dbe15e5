"""What this machine's CPU can do: the instruction set decides engines, exactness and the bits of a vector."""

import platform
from functools import cache
from pathlib import Path

SETS = {  # the widest first; a flag of /proc/cpuinfo that each needs
    "amx": "amx_int8",
    "avx512-vnni": "avx512_vnni",
    "avx-vnni": "avx_vnni",
    "avx512": "avx512f",
    "avx2": "avx2",
}


@cache
def flags() -> frozenset[str]:
    """Of /proc/cpuinfo; empty where there is none (macOS, Windows)."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return frozenset()
    return frozenset(next((line.split(":")[1] for line in lines if line.startswith("flags")), "").split())


def instruction_set() -> str:
    """amx, avx512-vnni, avx-vnni, avx512, avx2, or the machine's name where flags are not told."""
    return next((name for name, flag in SETS.items() if flag in flags()), platform.machine())


def has_vnni() -> bool:
    """Whether u8 times s8 is summed without saturation; False where it is not known."""
    return bool(flags() & {"avx512_vnni", "avx_vnni", "amx_int8"})


def model_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown")
