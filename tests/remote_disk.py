"""The locks as they are on the disk of another machine, for a command that a test starts."""

import os
from pathlib import Path

_LOCKS_OF_PROCESSES = """
import fcntl
fcntl.flock = fcntl.lockf
"""


def remote_disk(folder: Path) -> dict[str, str]:
    """Returns the environment of a command whose locks are its process's own and need files open for writing.

    The system does the same with the locks of a folder that it mounts over NFS.
    """
    (folder / "sitecustomize.py").write_text(_LOCKS_OF_PROCESSES)
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}
