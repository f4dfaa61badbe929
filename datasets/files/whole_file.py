"""A writer of files that are whole or absent: after a kill or on a full disk, the old file or the new one is there."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path, *, flushed: bool = False, shared: bool = False) -> Iterator[Path]:
    """Gives a path beside the file to write to, and renames it to `path` once the block has ended without an error.

    `flushed` files outlive a power cut. `shared` files may be written by several processes at once. Makes the folder
    where there is none.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{unfinished_path(path).name}{f'.{os.getpid()}' if shared else ''}")
    try:
        yield unfinished
        if flushed:
            flush(unfinished)
        unfinished.replace(path)
        if flushed:
            flush(path.parent)  # holds the new name
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: str | bytes, *, flushed: bool = False, shared: bool = False) -> None:
    """Writes a file, in place of any that is there; text is UTF-8."""
    with whole_file(path, flushed=flushed, shared=shared) as unfinished:
        unfinished.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def unfinished_path(path: Path) -> Path:
    """Returns where a file is written; what a kill leaves there, the next writer overwrites."""
    return path.with_name(f"{path.name}.unfinished")


def flush(path: Path) -> None:
    """Makes the system write a file or a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # which file systems answer that flush no folders
            raise
    finally:
        os.close(descriptor)
