"""What the figures were measured on: processor, cores, memory, versions."""

import json
import platform
import re
import subprocess
from pathlib import Path
from typing import Any

import psutil

LIBRARIES = (
    "ctranslate2",
    "fastembed",
    "nncf",
    "numpy",
    "onnxruntime",
    "openvino",
    "optimum-intel",
    "optimum-onnx",
    "sentence-transformers",
    "tokenizers",
    "torch",
    "transformers",
)
INSTRUCTIONS = re.compile(r"avx2|fma|avx512\w*|avx_vnni|amx_\w+")
ASK = """
import importlib.metadata, json, sys
found = {}
for name in json.loads(sys.argv[1]):
    try:
        found[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(found))
"""


def machine(cores: list[int]) -> dict[str, Any]:
    """`instructions` are those that decide a matrix product's speed; empty where /proc/cpuinfo is absent."""
    path = Path("/proc/cpuinfo")
    about = dict(re.findall(r"^(.+?)\s*: (.*)$", path.read_text(), re.M)) if path.exists() else {}
    return {
        "processor": about.get("model name", platform.processor()),
        "instructions": sorted(filter(INSTRUCTIONS.fullmatch, about.get("flags", "").split())),
        "cores": psutil.cpu_count(),
        "cores_used": cores,
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_average_at_start": psutil.getloadavg()[0],
    }


def versions(interpreter: Path) -> dict[str, str]:
    """Name -> version of those of LIBRARIES that an environment has."""
    command = [str(interpreter), "-c", ASK, json.dumps(LIBRARIES)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
