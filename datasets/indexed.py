"""The content of a picture as it was indexed, whatever was done to its file since. Reads the folders."""

import hashlib
from collections.abc import Callable
from pathlib import Path

Replacement = Callable[[str, str], bytes]


def read_as_indexed(images_dir: Path, path: str, sha256: str, lost: Replacement) -> bytes:
    """`lost(path, sha256)` gives the content of a picture that is no longer what or where it was."""
    try:
        content = (images_dir / path).read_bytes()
    except OSError:
        return lost(path, sha256)
    return content if hashlib.sha256(content).hexdigest() == sha256 else lost(path, sha256)
