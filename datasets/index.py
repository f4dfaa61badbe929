"""The index: what is in the folders now, picture by picture, compared with what was exported.

Reads export.csv and the contents of the folders; writes `index.csv` (every usable picture with its label and what it
was exported as), `edits.csv` (what a person did since the export), `removed.csv` (exported and gone) and
`rejected.csv` (what cannot be used, and why; files of the source that could not be exported among them).
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from datasets.contents import PictureFile
from datasets.labels import label_pictures
from datasets.tables import (
    EDITS_HEADER,
    EXPORT_HEADER,
    INDEX_HEADER,
    REJECTED_HEADER,
    EditRow,
    ExportRow,
    IndexRow,
    RejectedRow,
    write_rows,
)


def write_index(
    pictures: Sequence[PictureFile],
    exported: Sequence[ExportRow],
    unexported: Iterable[RejectedRow],
    classes: Sequence[str],
    folder: Path,
) -> None:
    """Writes the four tables of an index; `unexported` are the files of the source that are no pictures."""
    labels = label_pictures(pictures, exported, classes)
    rows, edits = [], []
    for path, sha256, class_name, origin in labels.pictures:
        subset = path.partition("/")[0]
        number, exported_path = (origin.number, origin.path) if origin else (None, "")
        row = IndexRow(path, subset, classes.index(class_name), class_name, number, exported_path, sha256)
        rows.append(row)
        if origin is None or (origin.path, origin.sha256) != (path, sha256):
            edits.append(_describe_edit(row, origin))
    edits += [
        EditRow("deleted", "", gone.path, gone.class_name, "", f"{gone.path}: deleted", gone.sha256)
        for gone in labels.removed
    ]
    write_rows(folder / "index.csv", INDEX_HEADER, rows)
    write_rows(folder / "edits.csv", EDITS_HEADER, edits)
    write_rows(folder / "removed.csv", EXPORT_HEADER, labels.removed)
    rejected = (RejectedRow(path, reason, "images") for path, reason in labels.rejected.items())
    write_rows(folder / "rejected.csv", REJECTED_HEADER, [*unexported, *rejected])


def _describe_edit(row: IndexRow, origin: ExportRow | None) -> EditRow:
    if origin is None:
        words = f"{row.path}: added as {row.class_name}"
        return EditRow("added", row.path, "", "", row.class_name, words, row.sha256)
    if row.path == origin.path:
        kind, words = "repainted", f"{row.path}: repainted"
    else:
        was_subset = origin.path.split("/", 1)[0]
        changes = []
        if row.class_name != origin.class_name:
            changes.append(f"{origin.class_name} to {row.class_name}")
        if row.subset != was_subset:
            changes.append(f"{was_subset} to {row.subset}")
        kind, words = "moved", f"{origin.path}: {', '.join(changes) or f'renamed to {row.path}'}"
    return EditRow(kind, row.path, origin.path, origin.class_name, row.class_name, words, row.sha256)
