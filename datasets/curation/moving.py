"""One file moved to a free place, so that it is whole at one of the two whatever happens."""

import errno
import os
import shutil
from pathlib import Path


def move_file(source: Path, target: Path) -> None:
    """The caller has seen that the target is free."""
    if source.is_symlink():
        _move_link(source, target)
        return
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:  # a class folder may be a link to another disk
            raise
        _copy(source, target)
        source.unlink()


def _move_link(source: Path, target: Path) -> None:
    """What a relative link names is named from where it lies."""
    target.symlink_to(source.parent.resolve() / source.readlink())
    source.unlink()


def _copy(source: Path, target: Path) -> None:
    """Under a hidden name, which the index passes over, until it is whole and flushed."""
    unfinished = target.with_name(".moving")
    try:
        shutil.copy2(source, unfinished)
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
