"""Tells whether something lies at a path: what the system refuses to say does not pass for a free place."""

import errno
import os
from pathlib import Path

_NOTHING_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)


def is_taken(path: str | Path) -> bool:
    """Returns whether a file, a folder or a link lies at a path."""
    try:
        os.lstat(path)
    except OSError as error:
        if error.errno not in _NOTHING_THERE:
            raise
        return False
    return True
