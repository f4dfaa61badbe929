"""The checks of the folders: each stops the command with all that is wrong, before any file is touched."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from datasets.contents import PictureFile
from datasets.errors import UserError, unknown
from datasets.folders import SUBSET_DIRS, UNREADABLE
from datasets.tables import ExportRow

_MOST_REJECTED = 0.1
_LISTED_AT_MOST = 10
_CONFLICTS_LISTED = 100

Reasons = Mapping[str, str]  # of files that cannot be used, by path


def refuse_undeclared_folders(
    pictures: Sequence[PictureFile], exported: Iterable[ExportRow], classes: Sequence[str]
) -> None:
    """Refuses folders that are of none of the data set's classes."""
    wrong = {}
    for folder in {picture.path.rpartition("/")[0] for picture in pictures}:
        subset, _, class_name = folder.partition("/")
        if not class_name:
            continue  # outside the class folders: rejected, with that reason
        if subset not in SUBSET_DIRS:
            wrong[subset] = _nearest("subset", subset, SUBSET_DIRS)
        elif class_name not in classes:
            wrong[folder] = _nearest("class", class_name, classes)
    if wrong:
        renamed = _renamed_folders(wrong, pictures, exported)
        lines = [f"{folder}: {message}{renamed.get(folder, '')}" for folder, message in sorted(wrong.items())]
        raise UserError(
            f"folders that this data set does not declare:\n{_listed(lines)}\n"
            f"Its classes: {', '.join(classes)}\n"
            "Rename them or move what is in them to where it belongs; to add a class, name it in a [dataset:NAME] "
            "section of luigi.cfg. Nothing was changed"
        )


def refuse_closed_folders(reasons: Reasons, classes: Sequence[str]) -> None:
    """Refuses folders that cannot be read, since their pictures would seem to be deleted."""
    folders = {"", *SUBSET_DIRS, *(f"{subset}/{name}" for subset in SUBSET_DIRS for name in classes)}
    closed = [f"{path}: {reason}" for path, reason in reasons.items() if path in folders]
    if closed:
        raise UserError(
            f"folders of this data set that cannot be read:\n{_listed(closed)}\n"
            "Make them readable, then run again. Nothing was changed"
        )


def refuse_unreadable(pictures: Iterable[PictureFile], classes: Sequence[str]) -> None:
    """Refuses folders and files that cannot be read: nobody can say what became of the pictures there."""
    reasons = {picture.path: picture.rejected for picture in pictures if picture.rejected}
    refuse_closed_folders(reasons, classes)
    unreadable = [f"{path}: {reason}" for path, reason in reasons.items() if reason.startswith(UNREADABLE)]
    if unreadable:
        raise UserError(
            f"files of this data set that {UNREADABLE.rstrip()}\n{_listed(unreadable)}\n"
            "Make them readable or move them out of images/, then run again. Nothing was changed"
        )


def refuse_too_many_rejected(reasons: Reasons, count: int) -> None:
    """Refuses so many unusable files that something else must be wrong."""
    if len(reasons) <= max(10, _MOST_REJECTED * count):
        return
    raise UserError(
        f"{len(reasons)} of {count} files in the folders cannot be used as pictures, which is too many to go on:\n"
        f"{_listed([f'{path}: {reason}' for path, reason in reasons.items()])}\n"
        "Put them right or move them out of images/, then run again. Nothing was changed"
    )


def refuse_conflicts(conflicts: Sequence[str]) -> None:
    """Refuses pictures whose folder says one class and whose name another; names up to a hundred."""
    if conflicts:
        raise UserError(
            f"the folder says one class and the name another:\n{_listed(conflicts, at_most=_CONFLICTS_LISTED)}\n"
            "Move each to the folder it belongs in, or give its name that class's number; then run again. "
            "Nothing was changed"
        )


def _renamed_folders(
    folders: Iterable[str], pictures: Iterable[PictureFile], exported: Iterable[ExportRow]
) -> dict[str, str]:
    """Returns a hint for each folder most of whose pictures were exported as one class: it was probably renamed."""
    classes = {origin.sha256: origin.class_name for origin in exported}
    held: dict[str, Counter[str]] = {folder: Counter() for folder in folders}
    for picture in pictures:
        if (folder := picture.path.rpartition("/")[0]) in held:
            held[folder][classes.get(picture.sha256, "")] += 1
    hints = {}
    for folder, counts in held.items():
        [(class_name, count), *_] = [*counts.most_common(), ("", 0)]
        if class_name and count > counts.total() / 2:
            hints[folder] = f" It holds {count} of the pictures exported as {class_name}: was that folder renamed?"
    return hints


def _nearest(kind: str, name: str, known: Sequence[str]) -> str:
    return unknown(kind, name, known).partition(" Known:")[0]


def _listed(lines: Sequence[str], at_most: int = _LISTED_AT_MOST) -> str:
    more = [f"  and {len(lines) - at_most:,} more"] if len(lines) > at_most else []
    return "\n".join([f"  images/{line}" for line in lines[:at_most]] + more)
