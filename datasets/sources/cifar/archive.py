"""A reader of files in tar archives, plain or compressed, that unpacks nothing to disk."""

import lzma
import posixpath
import tarfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath

from datasets.errors import UserError

_CHUNK_BYTES = 1 << 20


def list_files(archive: Path) -> dict[str, int]:
    """Returns the size in bytes of every file by its path; refuses a damaged archive and a harmful member."""
    with _opened(archive) as tar:
        members = tar.getmembers()
        # Compressed archives carry a checksum, which is only compared at their very end.
        while tar.fileobj is not None and tar.fileobj.read(_CHUNK_BYTES):
            pass
    for member in members:
        if reason := _reason_to_refuse(member):
            raise UserError(f"{archive} is not read: its member {member.name!r} {reason}. Take an archive you trust.")
    return {_path(member): member.size for member in members if _is_plain(member)}


def read_files(archive: Path, paths: Collection[str]) -> dict[str, bytes]:
    """Returns the contents of some files, read in the order they are stored: going back would decompress all again."""
    contents = {}
    with _opened(archive) as tar:
        for member in tar:
            if _is_plain(member) and _path(member) in paths and (stream := tar.extractfile(member)):
                contents[_path(member)] = stream.read()
    return contents


@contextmanager
def _opened(archive: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(archive) as tar:
            yield tar
    except (tarfile.TarError, OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as error:
        raise UserError(f"{archive} cannot be read as a tar archive: {error}. Fetch it again.") from error


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
