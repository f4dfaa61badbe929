"""Recovers the content of a picture that was edited after this invocation fixed its state: finds or makes it again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from datasets.catalog import Dataset
from datasets.errors import UserError
from datasets.folders import IMAGES
from datasets.tables import read_exported
from pipeline.stages import pictures
from pipeline.stages.last_export import LastExport
from pipeline.stages.source_state import load_pictures

if TYPE_CHECKING:
    from datasets.selection import Selection


def recovery(home: Path, dataset: Dataset, export_csv: Path) -> Callable[[str, str], bytes]:
    """Returns a function that gives the content of a lost picture by its path and hash.

    It looks for the content elsewhere in the folders, then in the source.
    """

    @cache
    def paths() -> dict[str, str]:
        return {picture.sha256: picture.path for picture in pictures.current_files(home)}

    @cache
    def source() -> Selection:
        return _numbered_source(dataset, home)

    @cache
    def numbers() -> dict[str, int]:
        return {row.sha256: row.number for row in read_exported(export_csv)}

    def recover(path: str, sha256: str) -> bytes:
        from datasets.export import encode_one

        if sha256 in paths():
            content = (home / IMAGES / paths()[sha256]).read_bytes()
        elif sha256 in numbers():
            content = encode_one(source(), numbers()[sha256])
        else:
            content = b""
        if hashlib.sha256(content).hexdigest() != sha256:
            raise UserError(f"{home / IMAGES / path} was changed while this ran, and what it was is gone; run again")
        return content

    return recover


def from_source(dataset: Dataset, home: Path, number: int, sha256: str) -> bytes | None:
    """Returns a picture as it was exported; None if its source or the settings give another one now."""
    from datasets.export import encode_one

    content = encode_one(_numbered_source(dataset, home), number)
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def _numbered_source(dataset: Dataset, home: Path) -> Selection:
    """Returns every picture of the source, numbered as the last export numbered them."""
    from datasets.numbering import GivenNumbers
    from datasets.selection import select

    return select(load_pictures(dataset), (), GivenNumbers(LastExport(home).files, 0))
