"""What is in the folders now, picture by picture, held against what was exported.

Reads export.csv and the contents of the folders; writes `index.csv` (every usable picture with its label and what it
was exported as), `edits.csv` (what a person did since the export), `removed.csv` (exported and gone) and
`rejected.csv` (what cannot be used, and why; files of the source that could not be exported among them).
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from datasets.contents import Picture
from datasets.exported import Exported
from datasets.labels import Conflict, class_of
from datasets.matching import Match, match_pictures
from datasets.refusals import (
    refuse_closed_folders,
    refuse_conflicts,
    refuse_too_many_rejected,
    refuse_undeclared_folders,
)
from datasets.tables import write_rows

INDEX_HEADER = ("path", "subset", "label", "class", "number", "exported_path", "sha256")
EDITS_HEADER = ("edit", "path", "exported_path", "was", "now", "words", "sha256")
REMOVED_HEADER = ("path", "number", "label", "class", "sha256")
REJECTED_HEADER = ("path", "reason")


class Indexed(NamedTuple):
    """A row of index.csv; number and exported_path are empty for a picture that was added."""

    path: str
    subset: str
    label: int
    class_name: str
    number: int | str
    exported_path: str
    sha256: str


def write_index(
    pictures: Sequence[Picture],
    exported: Sequence[Exported],
    unexported: Iterable[Sequence[str]],
    classes: Sequence[str],
    folder: Path,
) -> None:
    """Write the four tables of an index; `unexported` names files of the source that are no pictures, and why."""
    rejected = {picture.path: picture.rejected for picture in pictures if picture.rejected}
    usable = [picture for picture in pictures if not picture.rejected]
    refuse_undeclared_folders({picture.path: picture.sha256 for picture in pictures}, exported, classes)
    refuse_closed_folders(rejected, classes)
    refuse_too_many_rejected(rejected, len(pictures))
    matches, removed = match_pictures(usable, exported, rejected.keys())
    rows, edits = _label_matches(matches, classes)
    edits += [("deleted", "", gone.path, gone.class_name, "", f"{gone.path}: deleted", gone.sha256) for gone in removed]
    write_rows(folder / "index.csv", INDEX_HEADER, rows)
    write_rows(folder / "edits.csv", EDITS_HEADER, edits)
    write_rows(folder / "removed.csv", REMOVED_HEADER, removed)
    write_rows(folder / "rejected.csv", REJECTED_HEADER, [*unexported, *rejected.items()])


def _label_matches(matches: Iterable[Match], classes: Sequence[str]) -> tuple[list[Indexed], list[tuple[str, ...]]]:
    rows, edits, conflicts = [], [], []
    for (path, sha256, _), origin in matches:
        subset, folder, name = path.split("/", 2)
        if origin is not None and origin.path == path:
            row = Indexed(path, subset, origin.label, folder, origin.number, path, sha256)
            if origin.sha256 != sha256:
                edits.append(_describe_edit(row, origin))
        else:
            class_name = class_of(folder, name, origin, classes)
            if isinstance(class_name, Conflict):
                conflicts.append(f"{path}: {class_name}")
                continue
            number, exported_path = (origin.number, origin.path) if origin else ("", "")
            row = Indexed(path, subset, classes.index(class_name), class_name, number, exported_path, sha256)
            edits.append(_describe_edit(row, origin))
        rows.append(row)
    refuse_conflicts(conflicts)
    return rows, edits


def _describe_edit(row: Indexed, origin: Exported | None) -> tuple[str, ...]:
    if origin is None:
        return ("added", row.path, "", "", row.class_name, f"{row.path}: added as {row.class_name}", row.sha256)
    if row.path == origin.path:
        words = f"{row.path}: repainted"
        return ("repainted", row.path, origin.path, origin.class_name, row.class_name, words, row.sha256)
    was_subset = origin.path.split("/", 1)[0]
    changes = []
    if row.class_name != origin.class_name:
        changes.append(f"{origin.class_name} to {row.class_name}")
    if row.subset != was_subset:
        changes.append(f"{was_subset} to {row.subset}")
    words = f"{origin.path}: {', '.join(changes) or f'renamed to {row.path}'}"
    return ("moved", row.path, origin.path, origin.class_name, row.class_name, words, row.sha256)
