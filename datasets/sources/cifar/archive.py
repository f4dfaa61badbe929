"""A reader of files in tar archives, plain or compressed, that unpacks nothing to disk."""

import bz2
import gzip
import io
import lzma
import posixpath
import sys
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, Any, cast

from datasets.errors import UserError

_CHUNK_BYTES = 1 << 20
_MOST_BYTES_OF_HEADERS = 1 << 24  # of 30,000 members; the published archives have ten
_MOST_UNPACKED_BYTES = 1 << 30  # of a compressed archive, in which little may stand for very much
_MOST_BYTES_OF_DICTIONARY = 1 << 27  # twice what `xz -9` needs to unpack

_COMPRESSIONS: dict[bytes, Callable[[Path, str], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\0": lzma.open,
    b"]\0\0": lzma.open,
}
_DAMAGE = (tarfile.TarError, OSError, EOFError, ValueError, MemoryError, RecursionError, zlib.error, lzma.LZMAError)


def list_files(archive: Path) -> dict[str, int]:
    """Returns the size in bytes of every file by its path; refuses a damaged archive and a harmful member."""
    with _opened(archive, _MOST_BYTES_OF_HEADERS) as (tar, unpacked):
        members = tar.getmembers()
        unpacked.read_to_end()
    for member in members:
        if reason := _reason_to_refuse(member):
            raise UserError(f"{archive} is not read: its member {member.name!r} {reason}. Take an archive you trust.")
    return {_path(member): member.size for member in members if _is_plain(member)}


def read_files(archive: Path, sizes_bytes: Mapping[str, int]) -> dict[str, bytes]:
    """Returns the contents of files of these sizes, read in the order they are stored: going back would unpack again.

    Of several files with one path, the last counts.
    """
    contents = {}
    with _opened(archive, _MOST_BYTES_OF_HEADERS + sum(sizes_bytes.values())) as (tar, _):
        for member in tar:
            is_wanted = _is_plain(member) and sizes_bytes.get(_path(member)) == member.size
            if is_wanted and (stream := tar.extractfile(member)):
                contents[_path(member)] = _read_whole(stream)
    return contents


class _Unpacked:
    """The bytes of a tar archive, with a bound on how many are read, and on how far a compressed one unpacks.

    While members are listed only headers are read: what lies between is skipped.
    """

    def __init__(self, file: IO[bytes], is_compressed: bool, most_read_bytes: int) -> None:
        self._file, self._left_bytes = file, most_read_bytes
        self._is_compressed = is_compressed
        self._end = _MOST_UNPACKED_BYTES if is_compressed else sys.maxsize

    def read(self, size: int) -> bytes:
        """Returns the next bytes."""
        self._left_bytes -= size
        if size < 0 or self._left_bytes < 0:
            raise tarfile.ReadError("a member or a header is far too large")
        self.seek(self._file.tell())
        return self._file.read(size)

    def seek(self, position: int) -> None:
        """Goes to a position."""
        if position > self._end:
            raise tarfile.ReadError(f"it unpacks to more than {_MOST_UNPACKED_BYTES >> 30} GB")
        self._file.seek(position)

    def tell(self) -> int:
        """Returns the position."""
        return self._file.tell()

    def read_to_end(self) -> None:
        """Reads a compressed archive to its very end, where the checksum is that tells of damage."""
        while self._is_compressed and self._file.read(_CHUNK_BYTES):
            self.seek(self._file.tell())


@contextmanager
def _opened(archive: Path, most_read_bytes: int) -> Iterator[tuple[tarfile.TarFile, _Unpacked]]:
    try:
        with archive.open("rb") as packed:
            start = packed.read(_CHUNK_BYTES)
        unpack = next((unpack for magic, unpack in _COMPRESSIONS.items() if start.startswith(magic)), None)
        if unpack is lzma.open:  # refuses a dictionary that takes more memory
            lzma.LZMADecompressor(memlimit=_MOST_BYTES_OF_DICTIONARY).decompress(start, 1)
        with unpack(archive, "rb") if unpack else archive.open("rb") as file:
            unpacked = _Unpacked(file, unpack is not None, most_read_bytes)
            with tarfile.open(fileobj=cast("IO[bytes]", unpacked), mode="r:") as tar:
                yield tar, unpacked
    except _DAMAGE as error:
        reason = str(error)[:200] or type(error).__name__
        raise UserError(f"{archive} cannot be read as a tar archive: {reason}. Fetch it again.") from error


def _read_whole(stream: IO[bytes]) -> bytes:
    content = io.BytesIO()
    while chunk := stream.read(_CHUNK_BYTES):
        content.write(chunk)
    return content.getvalue()


def _path(member: tarfile.TarInfo) -> str:
    return str(PurePosixPath(member.name))


def _is_plain(member: tarfile.TarInfo) -> bool:
    # A sparse file may claim any size without holding it.
    return member.isreg() and not member.issparse()


def _reason_to_refuse(member: tarfile.TarInfo) -> str | None:
    if _leads_outside(member.name):
        return "would be unpacked outside its folder"
    if member.issym() or member.islnk():
        # A symbolic link starts from the folder it is in, a hard link from the archive's root.
        start = posixpath.dirname(member.name) if member.issym() else ""
        if _leads_outside(posixpath.normpath(posixpath.join(start, member.linkname))):
            return f"links to {member.linkname!r}, outside its folder"
    elif not (member.isreg() or member.isdir()):
        return "is neither a file nor a folder"
    return None


def _leads_outside(name: str) -> bool:
    # Read as a Windows path, in which a leading slash, a drive and a backslash all count.
    path = PureWindowsPath(name)
    return bool(path.anchor) or ".." in path.parts
