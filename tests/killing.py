"""A build killed before its n-th change of a file or folder, in a process of its own that begins where this one is."""

import os
import signal
import sys

from conftest import Project

import pipeline

_CHANGES = frozenset(("os.rename", "os.mkdir", "os.remove", "os.symlink", "os.rmdir", "shutil.rmtree"))
_armed: dict[str, int] = {}  # changes left, by the folder they count in


def _count(event: str, args: tuple[object, ...]) -> None:
    if not _armed:
        return
    writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
    for folder in _armed:
        if (writes or event in _CHANGES) and str(args[0]).startswith(folder):
            _armed[folder] -= 1
            if _armed[folder] == 0:
                os.kill(os.getpid(), signal.SIGKILL)


sys.addaudithook(_count)


def is_killed(project: Project, change: int) -> bool:
    """Builds the index; returns whether there were so many changes that it was killed."""
    process = os.fork()
    if process == 0:
        _armed[str(project.folder)] = change
        os._exit(0 if project.build(pipeline.IndexImages).complete else 1)
    _, status = os.waitpid(process, 0)
    assert status in (0, signal.SIGKILL)
    return status == signal.SIGKILL
