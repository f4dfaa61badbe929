"""The move of a file, link or folder, even to another disk: it is whole at one of the two places whatever happens."""

import errno
import filecmp
import shutil
from pathlib import Path

from datasets.files.link import swap_link
from datasets.files.whole_file import flush


def move(source: Path, target: Path) -> None:
    """Moves to a target where nothing lies; makes its folder. A link still leads where it led."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_symlink():
        _make_absolute(source)
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:  # a class folder may be a link to another disk
            raise
        _copy(source, target)
        _remove(source)


def end_stopped_move(source: Path, target: Path) -> None:
    """Removes a source that a kill left beside its whole copy on another disk."""
    is_on_one_disk = source.parent.stat().st_dev == target.parent.stat().st_dev
    if not is_on_one_disk and source.is_file() and target.is_file() and filecmp.cmp(source, target, shallow=False):
        source.unlink()


def _make_absolute(link: Path) -> None:
    """Rewrites a relative link, which would lead elsewhere from another folder."""
    named = link.readlink()
    if not named.is_absolute():
        swap_link(link, link.parent.resolve() / named)


def _copy(source: Path, target: Path) -> None:
    """Copies under a hidden name, which every listing passes over, until all is there and flushed."""
    unfinished = target.with_name(".moving")
    _remove(unfinished)
    try:
        if source.is_dir() and not source.is_symlink():
            shutil.copytree(source, unfinished, symlinks=True)
        else:
            shutil.copy2(source, unfinished, follow_symlinks=False)
            if not source.is_symlink():
                flush(unfinished)
        unfinished.rename(target)
    finally:
        _remove(unfinished)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
