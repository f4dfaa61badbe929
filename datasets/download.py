"""A download resumes where it stopped, and is used only once its MD5 is right.

Reads an address; writes `<downloads>/<name>`, by way of `<name>.partial`, which a broken download leaves behind.
"""

import hashlib
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from pathlib import Path

from datasets.errors import UserError
from datasets.files.lock import locked_by_file
from datasets.files.whole_file import flush

_CHUNK_BYTES = 1 << 16
_TIMEOUT_SECONDS = 30
_SECONDS_BETWEEN_LINES = 10


@dataclass(frozen=True)
class Remote:
    """A file on a server, and the MD5 it must have."""

    address: str
    md5: str

    @property
    def name(self) -> str:
        """The name of the file, the last part of its address."""
        return self.address.rpartition("/")[2]


class DownloadFailedError(UserError):
    """The error that a server cannot be reached, refuses, or keeps breaking off."""


class _ConnectionLostError(Exception):
    """The error that a connection broke off, or was never made."""


def fetch(remote: Remote, downloads: Path, pauses_seconds: Sequence[float] = (1, 2, 4, 8)) -> Path:
    """Returns the path of the file in `downloads`; fetches it unless it is there.

    Where the connection is lost, it tries again after each pause.
    """
    place = downloads / remote.name
    partial = downloads / f"{remote.name}.partial"
    try:
        if not place.exists():
            _download(remote, place, partial, pauses_seconds)
        # Checked at every use, since a person may have put it there; decompressing it takes longer than that.
        elif not _is_right(place, remote):
            raise UserError(f"{place} is not what {remote.address} holds: its MD5 is not {remote.md5}. Remove it.")
    except _ConnectionLostError as lost:
        raise DownloadFailedError(
            f"{remote.address} cannot be downloaded: {lost}.\n"
            f"Run again to resume, or get the file elsewhere and put it at {place.absolute()}"
        ) from lost
    except OSError as error:
        raise UserError(f"{remote.address} cannot be downloaded to {downloads}: {error}.") from error
    return place


def _is_right(path: Path, remote: Remote) -> bool:
    if not path.exists():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest() == remote.md5


def _download(remote: Remote, place: Path, partial: Path, pauses_seconds: Sequence[float]) -> None:
    """Downloads a file, or waits until another process has."""
    downloads = place.parent
    downloads.mkdir(parents=True, exist_ok=True)
    with locked_by_file(downloads / f".{remote.name}.lock", f"download of {remote.name} into {downloads}"):
        if not place.exists():
            if not _is_right(partial, remote):
                _receive(remote, partial, pauses_seconds)
            _put_in_place(partial, place, remote)


def _put_in_place(partial: Path, place: Path, remote: Remote) -> None:
    if not _is_right(partial, remote):
        partial.unlink()
        raise UserError(
            f"What {remote.address} sent was deleted: its MD5 is not {remote.md5}. "
            f"Run again; if that does not help, get the file elsewhere and put it at {place.absolute()}"
        )
    flush(partial)
    partial.replace(place)


def _receive(remote: Remote, partial: Path, pauses_seconds: Sequence[float]) -> None:
    for pause_seconds in pauses_seconds:
        try:
            return _receive_rest(remote, partial)
        except _ConnectionLostError as lost:
            if not partial.exists():  # nothing was received at all: there is no network
                raise
            _say(f"{remote.name}: {lost}; trying again in {pause_seconds} s")
            time.sleep(pause_seconds)
    return _receive_rest(remote, partial)


def _receive_rest(remote: Remote, partial: Path) -> None:
    """Appends what is missing, or starts over where the server cannot resume."""
    response, held_bytes = _connect(remote.address, partial.stat().st_size if partial.exists() else 0)
    total_bytes = None if response.length is None else held_bytes + response.length
    with (
        response,
        partial.open("ab" if held_bytes else "wb") as file,
        _progress(remote.name, held_bytes, total_bytes) as advance,
    ):
        while chunk := _read_chunk(response):
            held_bytes += file.write(chunk)
            advance(len(chunk))
    if total_bytes is not None and held_bytes < total_bytes:
        raise _ConnectionLostError(f"the connection broke off after {held_bytes:,} of {total_bytes:,} bytes")


def _connect(address: str, held_bytes: int) -> tuple[HTTPResponse, int]:
    """Returns a response, and the byte of the file at which it begins: the one asked for, or 0."""
    request = urllib.request.Request(address, headers={"Range": f"bytes={held_bytes}-"} if held_bytes else {})
    try:
        response: HTTPResponse = urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        if held_bytes and error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return _connect(address, 0)
        raise _ConnectionLostError(f"the server answers {error.code} {error.reason}") from error
    except (OSError, HTTPException) as error:
        raise _ConnectionLostError(str(getattr(error, "reason", error))) from error
    if not held_bytes or response.status != HTTPStatus.PARTIAL_CONTENT:
        return response, 0
    if not response.headers.get("Content-Range", "").startswith(f"bytes {held_bytes}-"):
        response.close()
        return _connect(address, 0)
    return response, held_bytes


def _read_chunk(response: HTTPResponse) -> bytes:
    try:
        return response.read(_CHUNK_BYTES)
    except (OSError, HTTPException) as error:
        raise _ConnectionLostError(f"the connection broke off: {error}") from error


@contextmanager
def _progress(name: str, held_bytes: int, total_bytes: int | None) -> Iterator[Callable[[int], object]]:
    """Gives a function to call with the bytes received; shows a bar on a terminal, elsewhere a line now and then."""
    if sys.stderr.isatty():
        from tqdm import tqdm

        with tqdm(desc=name, initial=held_bytes, total=total_bytes, unit="B", unit_scale=True) as bar:
            yield bar.update
    else:
        yield _lines(name, held_bytes, total_bytes)


def _lines(name: str, held_bytes: int, total_bytes: int | None) -> Callable[[int], None]:
    of_total = "" if total_bytes is None else f" of {total_bytes / 1e6:.0f}"
    next_line = time.monotonic()

    def advance(received_bytes: int) -> None:
        nonlocal held_bytes, next_line
        held_bytes += received_bytes
        if time.monotonic() >= next_line:
            _say(f"{name}: {held_bytes / 1e6:.0f}{of_total} MB")
            next_line = time.monotonic() + _SECONDS_BETWEEN_LINES

    return advance


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
