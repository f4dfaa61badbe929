"""Pictures written as PNG files into class folders, once; from then on the folders belong to the user.

Writes `images/<train|test>/<class>/<label>_<number>.png`, and in the result's folder `export.csv`
(path,number,label,class,sha256) and `source.json` (the classes in their order, the pictures' height and width).
"""

import errno
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from datasets.exported import HEADER, Exported, read_exported
from datasets.folders import SUBSET_DIRS, hold_files
from datasets.journal import REPLACED, Journal
from datasets.png import encode_png
from datasets.progress import progress
from datasets.selection import Selection
from datasets.tables import read_rows, write_rows
from datasets.withdrawal import refuse_edited, withdraw_pictures

_WRITTEN_AT_ONCE = 2_000

Edits = Mapping[tuple[int, str], str | None]


def export_images(
    selection: Selection, key: str, images_dir: Path, journal: Journal, earlier: Sequence[Exported], edits: Edits
) -> Sequence[Exported]:
    """Write the pictures, or only list them where they are written already; the list.

    `earlier` is what the last export listed. `edits` gives, by number and hash, the class folder to which the user had
    moved a picture (None: deleted); they are applied anew where all pictures are gone. The journal is the caller's to
    end, once the list is kept.
    """
    if not journal.exists():
        if not hold_files(images_dir):
            journal.begin(key, applies_edits=bool(edits))
        else:
            listed = _list_pictures(selection)
            if not earlier or listed == earlier:
                return listed
            refuse_edited(images_dir, earlier, may_lack=False)
            journal.begin(REPLACED, applies_edits=False, rows=earlier)
    if not journal.names(key):
        refuse_edited(images_dir, journal.rows(), may_lack=True)
        withdraw_pictures(images_dir, journal.rows())
        journal.begin(key, applies_edits=False)
    _write_pictures(selection, key, images_dir, journal, edits if journal.applies_edits() else {})
    return journal.rows()


def describe_export(rows: Sequence[Exported], selection: Selection, folder: Path) -> None:
    """Write export.csv and source.json."""
    write_rows(folder / "export.csv", HEADER, rows)
    _, height, width, _ = selection.arrays.pixels.shape
    source = {"classes": selection.classes, "height": height, "width": width}
    (folder / "source.json").write_text(json.dumps(source, indent=1) + "\n", encoding="utf-8")


def read_edits(export_csv: Path, index_csv: Path, removed_csv: Path) -> dict[tuple[int, str], str | None]:
    """The class folder of each exported picture that the user had moved (None: deleted), by its number and hash."""
    hashes = {origin.number: origin.sha256 for origin in read_exported(export_csv)}
    edits: dict[tuple[int, str], str | None] = {
        (int(row[1]), hashes[int(row[1])]): None for row in read_rows(removed_csv)
    }
    for _, subset, _, class_name, number, exported_path, _ in read_rows(index_csv):
        class_dir = f"{subset}/{class_name}"
        if number and not exported_path.startswith(f"{class_dir}/"):
            edits[int(number), hashes[int(number)]] = class_dir
    return edits


def _list_pictures(selection: Selection) -> list[Exported]:
    with progress("listing what was exported", len(selection)) as advance:
        return [row for row, _ in _encoded(selection, 0, advance)]


def _write_pictures(selection: Selection, key: str, images_dir: Path, journal: Journal, edits: Edits) -> None:
    for subset in SUBSET_DIRS:
        for class_name in selection.classes:
            (images_dir / subset / class_name).mkdir(parents=True, exist_ok=True)
    if edits:
        print(f"applying {len(edits)} known edits anew", file=sys.stderr)
    places = _Places(images_dir, edits, frozenset(selection.classes))
    begun = journal.rows()
    written = _count_written(begun, places)
    journal.begin(key, journal.applies_edits(), begun[:written])
    with progress("exporting", len(selection)) as advance:
        advance(written)
        pictures = _encoded(selection, written, advance)
        while lot := list(islice(pictures, _WRITTEN_AT_ONCE)):
            journal.add(row for row, _ in lot)
            for row, content in lot:
                if (path := places.of(row)) is not None:
                    _write_picture(path, content)


class _Places(NamedTuple):
    """Where pictures go: each to its own folder, unless it is known to have been moved or deleted since."""

    images_dir: Path
    edits: Edits
    classes: frozenset[str]

    def of(self, row: Exported) -> str | None:
        own_dir, name = row.path.rsplit("/", 1)
        class_dir = self.edits.get((row.number, row.sha256), own_dir)
        if class_dir is None:
            return None
        _, class_name = class_dir.split("/")
        return f"{self.images_dir}/{class_dir if class_name in self.classes else own_dir}/{name}"


def _count_written(begun: Sequence[Exported], places: _Places) -> int:
    """How many pictures a killed export surely wrote whole.

    Lots are journaled before they are written, and pictures written in their order: so all before the last one that is
    there were written, and those of them that are missing were deleted by the user.
    """
    surely = max(0, len(begun) - _WRITTEN_AT_ONCE)
    for position in range(len(begun) - 1, surely - 1, -1):
        path = places.of(begun[position])
        if path is not None and os.path.lexists(path):
            return position
    return surely


def _encoded(selection: Selection, first: int, advance: Callable[[int], None]) -> Iterator[tuple[Exported, bytes]]:
    for count, picture in enumerate(islice(selection.pictures(), first, None), 1):
        content = encode_png(picture.pixels)
        sha256 = hashlib.sha256(content).hexdigest()
        yield Exported(picture.path, picture.number, picture.label, picture.class_name, sha256), content
        if count % 500 == 0:
            advance(500)


def _write_picture(path: str, content: bytes) -> None:
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError:
        existing = Path(path)
        if content.startswith(existing.read_bytes()):  # torn by a kill; anything else there is the user's
            existing.write_bytes(content)
        return
    try:
        if os.write(file, content) < len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
    finally:
        os.close(file)
