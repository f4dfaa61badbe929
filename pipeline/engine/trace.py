"""The trace beside a result: what went into its key, what came out, how long it took, and what it was made with."""

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

from datasets.files.whole_file import write_whole
from pipeline.engine.digests import TRACE, content_digests, file_digests, short_hash

_NOTED = ("tensorflow", "keras", "numpy", "pillow", "luigi", "cleanlab")

_PARTS = (
    *((name, dict) for name in ("parameters", "inputs", "code", "files", "contents")),
    *((name, str) for name in ("stage", "key")),
    ("seconds", float),
)

Ingredients = dict[str, Any]  # stage, parameters, inputs (name: digest), code (module:unit: digest)


class Plan(NamedTuple):
    """The key of a result, and the ingredients that it was made from."""

    key: str
    ingredients: Ingredients


def key_of(ingredients: Mapping[str, Any], code: str) -> str:
    """Returns the key: a hash of all ingredients, with the code as one digest."""
    return short_hash({**ingredients, "code": code})


def code_hash(ingredients: Mapping[str, Any]) -> str:
    """Returns one digest of all the code among the ingredients."""
    return short_hash(ingredients["code"])


def changed_names(was: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Returns the names whose digests differ, those that came and those that went among them."""
    return sorted(name for name in {*was, *now} if was.get(name) != now.get(name))


def write_trace(
    folder: Path, ingredients: Ingredients, key: str, seconds: float, unkeyed_files: tuple[str, ...]
) -> None:
    """Writes the trace of a result that is otherwise whole."""
    files = file_digests(folder)
    trace = {
        **ingredients,
        "key": key,
        "files": files,
        "contents": content_digests(folder, files, unkeyed_files),
        "seconds": round(seconds, 3),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {"python": platform.python_version(), **_versions()},
        "machine": machine(),
    }
    write_whole(folder / TRACE, _as_json(trace))


def rewrite_trace(folder: Path, trace: Mapping[str, Any]) -> None:
    """Writes the trace of a result that is published already, which is never without one."""
    write_whole(folder / TRACE, _as_json(trace), flushed=True)


def _as_json(trace: Mapping[str, Any]) -> str:
    return json.dumps(trace, indent=1) + "\n"


def read_trace(folder: Path) -> Mapping[str, Any]:
    """Returns the trace of a result."""
    file = folder / TRACE
    state = file.stat()
    return _read(file, state.st_mtime_ns, state.st_size, state.st_ino)


@lru_cache(maxsize=1024)  # a trace is read by every stage that reads the result
def _read(file: Path, _changed_at: int, _size: int, _inode: int) -> Mapping[str, Any]:
    try:
        trace = json.loads(file.read_text(encoding="utf-8"))
    except RecursionError as error:  # thousands of brackets
        raise ValueError(f"{file} holds no trace") from error
    if not isinstance(trace, dict) or any(not isinstance(trace.get(name, kind()), kind) for name, kind in _PARTS):
        raise TypeError(f"{file} holds no trace")
    return trace


def machine() -> dict[str, Any]:
    """Returns what this machine is: noted beside results, since seconds depend on it, and in no key."""
    return {"system": f"{platform.system()} {platform.release()}", "processor": _processor(), "cores": os.cpu_count()}


def _processor() -> str:
    """Returns the name of the processor's model, where the system says it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor() or platform.machine())


def _versions() -> dict[str, str]:
    versions = {}
    for package in _NOTED:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not installed"
    return versions
