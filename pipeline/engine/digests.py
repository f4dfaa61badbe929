"""The two digests of a result's files: of their bytes, to verify them, and of what other stages read, for keys."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from datasets.files.walk import all_below
from models.model_digest import content_digest as digest_model
from models.training.event_log import EVENTS

TRACE = "trace.json"


def canonical(value: object) -> str:
    """Returns JSON in one spelling, so that equal values hash alike."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def short_hash(value: object) -> str:
    """A key: short enough to read, long enough never to clash."""
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def result_files(folder: Path) -> list[str]:
    """Every file of a result but its trace and its event log, by its path within the folder."""
    files = (file.relative_to(folder).as_posix() for file in all_below(folder) if file.is_file())
    return sorted(name for name in files if name != TRACE and not name.startswith(f"{EVENTS}/"))


def file_digests(folder: Path) -> dict[str, str]:
    """Returns the sha256 of each file."""
    return {name: digest_file(folder / name) for name in result_files(folder)}


def digest_file(path: Path) -> str:
    """Returns the sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def content_digests(folder: Path, files: Mapping[str, str], unkeyed_files: Iterable[str]) -> dict[str, str]:
    """The digest of what each file says, times left out; a file that nothing but a person reads is not counted."""
    left_out = set(unkeyed_files)
    return {name: _content_digest(folder / name, digest) for name, digest in files.items() if name not in left_out}


def _content_digest(path: Path, file_digest: str) -> str:
    if path.suffix == ".keras":
        return digest_model(path)
    if path.name == "metrics.json":
        metrics = json.loads(path.read_text(encoding="utf-8"))
        return short_hash({name: value for name, value in metrics.items() if not name.endswith("_seconds")})
    return file_digest
