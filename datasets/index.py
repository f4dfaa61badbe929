"""What is in the folders now, picture by picture, held against what was exported.

Reads export.csv and the contents of the folders; writes `index.csv` (every usable picture with its label and what it
was exported as), `edits.csv` (what a person did since the export), `removed.csv` (exported and gone) and
`rejected.csv` (what cannot be used, and why).
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from datasets.contents import Picture
from datasets.errors import UserError
from datasets.exported import Exported
from datasets.folders import SUBSET_DIRS
from datasets.labels import Conflict, label_of
from datasets.matching import Match, match_pictures
from datasets.nearest import unknown
from datasets.tables import write_rows

INDEX_HEADER = ("path", "subset", "label", "class", "number", "exported_path", "sha256")
EDITS_HEADER = ("edit", "path", "exported_path", "was", "now", "words", "sha256")
REMOVED_HEADER = ("path", "number", "label", "class", "sha256")
REJECTED_HEADER = ("path", "reason")
_MOST_REJECTED = 0.1
_LISTED_AT_MOST = 10


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
    pictures: Sequence[Picture], exported: Sequence[Exported], classes: Sequence[str], folder: Path
) -> None:
    """Write the four tables of an index."""
    rejected = [(picture.path, picture.rejected) for picture in pictures if picture.rejected]
    usable = [picture for picture in pictures if not picture.rejected]
    _refuse_undeclared_folders(pictures, classes)
    _refuse_closed_folders(rejected, classes)
    _refuse_too_many_rejected(rejected, len(pictures))
    matches, removed = match_pictures(usable, exported, {path for path, _ in rejected})
    rows, edits = _label_matches(matches, classes)
    edits += [("deleted", "", gone.path, gone.class_name, "", f"{gone.path}: deleted", gone.sha256) for gone in removed]
    write_rows(folder / "index.csv", INDEX_HEADER, rows)
    write_rows(folder / "edits.csv", EDITS_HEADER, edits)
    write_rows(folder / "removed.csv", REMOVED_HEADER, removed)
    write_rows(folder / "rejected.csv", REJECTED_HEADER, rejected)


def _label_matches(matches: Iterable[Match], classes: Sequence[str]) -> tuple[list[Indexed], list[tuple[str, ...]]]:
    rows, edits, conflicts = [], [], []
    for (path, sha256, _), origin in matches:
        subset, class_name, name = path.split("/", 2)
        if origin is not None and origin.path == path:
            row = Indexed(path, subset, origin.label, class_name, origin.number, path, sha256)
            if origin.sha256 != sha256:
                edits.append(_describe_edit(row, origin))
        else:
            label = label_of(class_name, name, origin, classes)
            if isinstance(label, Conflict):
                conflicts.append(f"{path}: {label}")
                continue
            number, exported_path = (origin.number, origin.path) if origin else ("", "")
            row = Indexed(path, subset, label, classes[label], number, exported_path, sha256)
            edits.append(_describe_edit(row, origin))
        rows.append(row)
    if conflicts:
        raise UserError(_conflict_message(conflicts))
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


def _refuse_undeclared_folders(pictures: Sequence[Picture], classes: Sequence[str]) -> None:
    wrong = {}
    for folder in {picture.path.rpartition("/")[0] for picture in pictures}:
        subset, _, class_name = folder.partition("/")
        if not class_name:
            continue  # outside the class folders: rejected, with that reason
        if subset not in SUBSET_DIRS:
            wrong[subset] = unknown("subset", subset, SUBSET_DIRS)
        elif class_name not in classes:
            wrong[folder] = unknown("class", class_name, classes)
    if wrong:
        listed = "\n".join(f"  images/{folder}: {message}" for folder, message in wrong.items())
        raise UserError(
            f"folders that this data set does not declare:\n{listed}\n"
            "Rename them or move what is in them to where it belongs; for a class more, name it in a [dataset:NAME] "
            "section of luigi.cfg. Nothing was changed"
        )


def _refuse_closed_folders(rejected: Sequence[tuple[str, str]], classes: Sequence[str]) -> None:
    """A folder that cannot be looked into must not pass for one whose pictures were all deleted."""
    folders = {"", *SUBSET_DIRS, *(f"{subset}/{name}" for subset in SUBSET_DIRS for name in classes)}
    closed = [f"{path}: {reason}" for path, reason in rejected if path in folders]
    if closed:
        raise UserError(
            f"folders of this data set that cannot be read:\n{_listed(closed)}\n"
            "Make them readable, then run again. Nothing was changed"
        )


def _refuse_too_many_rejected(rejected: Sequence[tuple[str, str]], count: int) -> None:
    if len(rejected) <= max(10, _MOST_REJECTED * count):
        return
    raise UserError(
        f"{len(rejected)} of {count} files in the folders cannot be used as pictures, which is too many to go on:\n"
        f"{_listed([f'{path}: {reason}' for path, reason in rejected])}\n"
        "Put them right or move them out of images/, then run again. Nothing was changed"
    )


def _conflict_message(conflicts: Sequence[str]) -> str:
    return (
        f"the folder says one class and the name another:\n{_listed(conflicts)}\n"
        "Move each to the folder it belongs in, or give its name that class's number; then run again. "
        "Nothing was changed"
    )


def _listed(lines: Sequence[str]) -> str:
    more = [f"  and {len(lines) - _LISTED_AT_MOST} more"] if len(lines) > _LISTED_AT_MOST else []
    return "\n".join([f"  images/{line}" for line in lines[:_LISTED_AT_MOST]] + more)
