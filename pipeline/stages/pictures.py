"""The state of a data set's pictures: fixed for one invocation, read where it changed, recovered where it went."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from datasets.catalog import Dataset
from datasets.contents import Contents, Picture, changed_paths, read_contents, remember, remembered_digest
from datasets.errors import UserError
from datasets.export_journal import Journal
from datasets.exported import Exported, read_exported
from datasets.folders import hold_files
from datasets.scan import Listing, list_images
from datasets.sources.catalog import load_arrays
from datasets.sources.cifar.places import Places
from datasets.tables import read_rows
from pipeline.engine import invocation, settings
from pipeline.engine.digests import short_hash
from pipeline.engine.results import LATEST
from pipeline.engine.stage_code import reached_code
from pipeline.stages import source_folder

if TYPE_CHECKING:
    from datasets.arrays import Arrays

_to_read: dict[Path, Listing] = {}  # what planning found changed, so that it need not be listed again to be read


def images_dir(home: Path) -> Path:
    """The folders that belong to the user."""
    return home / "images"


def export_journal(home: Path) -> Journal:
    """What says that an export into the folders began and did not end."""
    return Journal(home / "export" / "journal")


def are_exported(home: Path) -> bool:
    """Whether there are pictures in the folders, and no export into them is unfinished."""
    return hold_files(images_dir(home)) and not export_journal(home).exists()


def last_export(home: Path) -> list[Exported]:
    """What the last export to end had listed, if there was one."""
    export_csv = home / LATEST / "export" / "export.csv"
    return read_exported(export_csv) if export_csv.exists() else []


def known_state(home: Path) -> str | None:
    """The digest of all pictures as this invocation sees them; None while some of them must be read first."""
    state = invocation.pinned(home)
    if state is not None or invocation.is_unsettled(home) or not are_exported(home):
        return state
    listing = list_images(images_dir(home))
    state = remembered_digest(listing, _stat_cache(home), _reader())
    _to_read.pop(home, None)
    if state is None:
        _to_read[home] = listing
        invocation.unsettle(home)
    else:
        invocation.pin(home, state)
    return state


def read_state(home: Path, export_csv: Path) -> list[Picture]:
    """Read the pictures that changed, and fix the state of all for the rest of this invocation."""
    listing = _to_read.pop(home, None)
    if listing is None or any(
        (entry.home, entry.result_path) == (str(home), "export") for entry in invocation.ledger()
    ):
        listing = list_images(images_dir(home))  # none was made in planning, or what it lists was exported anew since
    contents = _read(home, listing, export_csv)
    remember(contents, _stat_cache(home), _reader())
    invocation.pin(home, contents.digest)
    return contents.pictures


def lying_now(home: Path) -> list[Picture]:
    """Every file in the folders, read without a trace: what changed since the last index is still said to have."""
    return _read(home, list_images(images_dir(home)), home / LATEST / "export" / "export.csv").pictures


def changed_since(home: Path) -> list[str]:
    """The pictures that were edited since their contents were last read."""
    return changed_paths(images_dir(home), _stat_cache(home), _reader())


def are_as_seen(home: Path) -> bool:
    """Whether the pictures are still what this invocation saw."""
    seen = invocation.pinned(home)
    return seen is None or seen == remembered_digest(list_images(images_dir(home)), _stat_cache(home), _reader())


def load_source(dataset: Dataset) -> Arrays:
    """Every picture of a data set's source."""
    if dataset.source == "folder":
        from datasets.sources.folder.load import load  # here, because planning must not load what decodes pictures

        return load(source_folder.listing_of(dataset), dataset.size, dataset.fit)
    archives = settings.cifar().archives
    places = Places(
        archives=Path(archives).expanduser() if archives else None,
        downloads=Path(settings.paths().downloads).expanduser(),
        keras_home=settings.keras_home(),
    )
    return load_arrays(dataset.source, dataset.labels, places)


def from_source(dataset: Dataset, number: int, sha256: str) -> bytes | None:
    """A picture as it was exported, unless its source or the settings give another now."""
    from datasets.export import encode_one

    content = encode_one(load_source(dataset), number)
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def recovery(home: Path, dataset: Dataset, export_csv: Path) -> Callable[[str, str], bytes]:
    """A way to the content of a picture that was edited after its state was fixed: where it lies now, or its source."""

    @cache
    def paths() -> dict[str, str]:
        return {
            picture.sha256: picture.path for picture in _read(home, list_images(images_dir(home)), export_csv).pictures
        }

    @cache
    def source() -> Arrays:
        return load_source(dataset)

    @cache
    def numbers() -> dict[str, int]:
        return {row[4]: int(row[1]) for row in read_rows(export_csv)}

    def recover(path: str, sha256: str) -> bytes:
        from datasets.export import encode_one

        if sha256 in paths():
            content = (images_dir(home) / paths()[sha256]).read_bytes()
        elif sha256 in numbers():
            content = encode_one(source(), numbers()[sha256])
        else:
            content = b""
        if hashlib.sha256(content).hexdigest() != sha256:
            raise UserError(f"{images_dir(home) / path} was changed while this ran, and what it was is gone; run again")
        return content

    return recover


def _read(home: Path, listing: Listing, export_csv: Path) -> Contents:
    return read_contents(images_dir(home), listing, _stat_cache(home), lambda: _hashes(export_csv), _reader())


def _hashes(export_csv: Path) -> set[str]:
    return {row[4] for row in read_rows(export_csv)} if export_csv.exists() else set()


def _stat_cache(home: Path) -> Path:
    return home / "index" / "stat-cache"


@cache
def _reader() -> str:
    """Names the code that tells a picture from what is none."""
    return short_hash(reached_code("datasets.pictures"))
