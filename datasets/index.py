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
from datasets.labelled import label_pictures
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
    labels = label_pictures(pictures, exported, classes)
    rows, edits = [], []
    for path, sha256, class_name, origin in labels.pictures:
        subset = path.partition("/")[0]
        number, exported_path = (origin.number, origin.path) if origin else ("", "")
        row = Indexed(path, subset, classes.index(class_name), class_name, number, exported_path, sha256)
        rows.append(row)
        if origin is None or (origin.path, origin.sha256) != (path, sha256):
            edits.append(_describe_edit(row, origin))
    edits += [
        ("deleted", "", gone.path, gone.class_name, "", f"{gone.path}: deleted", gone.sha256) for gone in labels.removed
    ]
    write_rows(folder / "index.csv", INDEX_HEADER, rows)
    write_rows(folder / "edits.csv", EDITS_HEADER, edits)
    write_rows(folder / "removed.csv", REMOVED_HEADER, labels.removed)
    write_rows(folder / "rejected.csv", REJECTED_HEADER, [*unexported, *labels.rejected.items()])


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
