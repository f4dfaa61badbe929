"""Disks other than the one that tests run on."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from requirement import lacking


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Makes a folder a disk of its own, as large as `size` says (120k, 10m)."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        lacking("needs a small disk: run the tests as root, on a system that lets root mount (in Docker: --privileged)")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def enlarge(disk: Path) -> None:
    """Makes room on a small disk."""
    subprocess.run(["mount", "-o", "remount,size=10m", str(disk)], check=True)


@pytest.fixture
def other_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty folder on another disk than the tests' folders: in shared memory, or mounted where that is the same."""
    memory = Path("/dev/shm")
    folder = tmp_path_factory.mktemp("disk")
    if memory.is_dir() and memory.stat().st_dev != folder.stat().st_dev:
        with TemporaryDirectory(dir=memory) as name:
            yield Path(name)
    else:
        with small_disk(folder, "10m"):
            yield folder
