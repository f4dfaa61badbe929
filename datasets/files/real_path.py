"""Follows links: a link that the system refuses to read does not pass for a file or a folder of its own."""

import errno
import os
from pathlib import Path

_LEADING_NOWHERE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)


def real_path(path: Path) -> Path:
    """Returns where a path leads, links followed as far as there is anything."""
    try:
        return Path(os.path.realpath(path, strict=True))
    except OSError as error:
        if error.errno not in _LEADING_NOWHERE:
            raise
        return Path(os.path.realpath(path))
