"""The means against power cuts: what was written to some disks is flushed at once, which costs less than each file.

Which start of the machine a note is from says whether what was written after it may have been lost.
"""

import ctypes
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def sync_disks(folders: Iterable[Path]) -> None:
    """Flushes the disks that these folders are on; where the system can only do all disks at once, all."""
    disks = {folder.stat().st_dev: folder for folder in folders if folder.exists()}
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "syncfs"):
        os.sync()
        return
    for folder in disks.values():
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            if library.syncfs(descriptor):
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(folder))
        finally:
            os.close(descriptor)


def machine_start() -> str:
    """Returns what tells this start of the machine from all others; nothing where the system does not say."""
    with suppress(OSError):
        return _BOOT_ID.read_text(encoding="ascii").strip()
    return ""
