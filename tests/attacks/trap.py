"""A trap: the n-th call of this process to the system about some folders fails, or is the process's last."""

import errno
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

KILL = "kill"
REFUSALS = ("EIO", "EACCES", "ENOSPC", "EMFILE", "EROFS")

_UNSEEN_BY_HOOKS = ("stat", "lstat", "readlink", "fsync", "access", "statvfs")  # Python tells its hooks of no such call
_HOOKED = ("open", "os.", "fcntl.")  # the events of shutil and tempfile are of no call, but of calls that follow
_readlink = os.readlink  # as it is, for the trap's own use


class Trap:
    """A trap that is set in a forked process, and stays until the process ends."""

    def __init__(self, folders: tuple[str, ...], at: int, what: str) -> None:
        self._folders, self._left, self._what = folders, at, what
        self._is_busy = False
        self.calls: list[str] = []

    def set(self) -> None:
        """Sets the trap for the calls that follow."""
        for name in _UNSEEN_BY_HOOKS:
            setattr(os, name, self._watched(name, getattr(os, name)))
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_HOOKED) and arguments:
            self._meet(event, arguments[0])

    def _watched(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any, **options: Any) -> Any:
            if arguments:
                self._meet(f"os.{name}", arguments[0])
            return call(*arguments, **options)

        return watched

    def _meet(self, event: str, subject: object) -> None:
        if self._is_busy:
            return
        self._is_busy = True
        try:
            path = self._path_of(subject)
            if not path.startswith(self._folders):
                return
            self.calls.append(f"{event} {path}")
            self._left -= 1
            if self._left:
                return
            if self._what == KILL:
                os.kill(os.getpid(), signal.SIGKILL)
            number = getattr(errno, self._what)
            raise OSError(number, os.strerror(number), path)
        finally:
            self._is_busy = False

    @staticmethod
    def _path_of(subject: object) -> str:
        if isinstance(subject, int):
            try:
                return _readlink(f"/proc/self/fd/{subject}")
            except OSError:
                return ""
        return os.fsdecode(subject) if isinstance(subject, str | bytes | os.PathLike) else ""
