"""Exported pictures taken out of the folders again, to make room for an export with other settings.

Only files that are to the byte what was exported are deleted; anything else there is the user's, and stops the run.
"""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from datasets.errors import UserError
from datasets.exported import Exported
from datasets.scan import list_images

_NAMED_AT_MOST = 5


def refuse_edited(images_dir: Path, exported: Sequence[Exported], may_lack: bool) -> None:
    """Stop if the folders hold anything but what was exported; where an export was killed they may hold less."""
    listing = list_images(images_dir)
    hashes = {origin.path: origin.sha256 for origin in exported}
    torn = _last_written(exported, listing.stats) if may_lack else None
    edited = list(listing.unreadable)
    edited += [path for path in listing.stats if path != torn and hashes.get(path) != _hash(images_dir / path)]
    edited += [] if may_lack else [path for path in hashes if path not in listing.stats]
    if edited:
        raise UserError(_edited_message(images_dir, sorted(edited)))


def withdraw_pictures(images_dir: Path, exported: Sequence[Exported]) -> None:
    """Delete what was exported, and the folders that are empty then."""
    for origin in exported:
        (images_dir / origin.path).unlink(missing_ok=True)
    for folder in sorted({(images_dir / origin.path).parent for origin in exported}):
        with suppress(OSError):  # it holds hidden files, which stay
            folder.rmdir()


def _last_written(exported: Sequence[Exported], there: Mapping[str, object]) -> str | None:
    """The one file that a kill may have left half-written."""
    return next((origin.path for origin in reversed(exported) if origin.path in there), None)


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "cannot be read"


def _edited_message(images_dir: Path, edited: Sequence[str]) -> str:
    named = ", ".join(edited[:_NAMED_AT_MOST]) + (", …" if len(edited) > _NAMED_AT_MOST else "")
    return (
        f"{images_dir} was exported with other settings, or by other code, and {len(edited)} pictures in it "
        f"were edited since ({named}). Exporting again would undo that, so nothing was touched. Put the settings "
        "back, or give the new ones a name of their own in luigi.cfg ([dataset:NAME]); where only code changed, "
        "`python -m pipeline accept ExportImages` keeps the export as it is; or move the folder away to export afresh"
    )
