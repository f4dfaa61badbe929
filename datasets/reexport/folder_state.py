"""The state of edited folders: a decision about each edited picture, and the files that are the user's own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from datasets.contents import PictureFile
from datasets.folders import ASIDE, IMAGES
from datasets.labels import Conflict, class_of
from datasets.matching import match_pictures
from datasets.naming import scheme_number, stated_label
from datasets.reexport.edits import AS_EXPORTED, GONE, Edit, Identities, RememberedEdit
from datasets.refusals import refuse_conflicts
from datasets.tables import ExportRow


class PastExport(NamedTuple):
    """An export that ended, or one that was stopped and whose last pictures may not have been written."""

    rows: Sequence[ExportRow]
    classes: Sequence[str]
    identities: Identities
    is_whole: bool = True
    unsure: frozenset[int] = frozenset()


class OwnFile(NamedTuple):
    """A file with content of the user's own; it has an identity where it stands for an exported picture."""

    path: str  # relative to the data set's folder, as are all paths below
    identity: str = ""


class OurFile(NamedTuple):
    """A file that is to the byte what was exported, wherever it lies now, and the class folder it belongs in."""

    path: str
    sha256: str
    identity: str
    belongs_in: str  # as train/cat


@dataclass
class FolderState:
    """The decisions by identity, the files there are and, where it matters, the content that a decision is about."""

    edits: dict[str, Edit] = field(default_factory=dict)
    own: list[OwnFile] = field(default_factory=list)
    ours: list[OurFile] = field(default_factory=list)
    hashes: Mapping[str, str] = field(default_factory=dict)


def read_folder_state(
    pictures: Sequence[PictureFile], aside: Iterable[str], past: PastExport, memory: Sequence[RememberedEdit]
) -> FolderState:
    """Returns the state of the folders, compared with what was exported into them and with what is remembered."""
    state = FolderState(edits={known.identity: known.edit for known in memory if known.edit != AS_EXPORTED})
    usable = [picture for picture in pictures if not picture.rejected]
    rejected = {picture.path for picture in pictures if picture.rejected and picture.path.count("/") > 1}
    origins = {row.path: past.identities.of(row.number) for row in past.rows}
    shown = {
        known.path.removeprefix(IMAGES): known
        for known in memory
        if known.path.startswith(IMAGES) and known.path.removeprefix(IMAGES) not in origins
    }
    shown_rows = [
        ExportRow(path, -1 - place, -1, "", known.sha256) for place, (path, known) in enumerate(shown.items())
    ]
    there = {picture.path for picture in pictures}
    rows = [
        row
        for row in past.rows
        if row.path in there or not _is_dormant(state.edits.get(origins[row.path]), past.classes)
    ]
    matches, removed = match_pictures(usable, [*rows, *shown_rows], rejected)
    conflicts = []
    for picture, origin in matches:
        if origin is None:
            state.own.append(OwnFile(IMAGES + picture.path))
        elif origin.path in shown:
            _stand_for(picture, shown[origin.path], state)
        else:
            conflicts += _compare(picture, origin, origins[origin.path], past.classes, state)
    refuse_conflicts(conflicts)
    for origin in removed:
        known = shown.get(origin.path)
        identity = known.identity if known else origins[origin.path]
        if past.is_whole if known else origin.number not in past.unsure:
            state.edits[identity] = GONE
    torn = _last_written(pictures, past)
    for picture in pictures:
        if picture.path not in rejected:
            continue
        if picture.path == torn:
            state.ours.append(_our_file(IMAGES + torn, picture.sha256, origins[torn]))
        else:
            _keep_rejected(picture.path, origins, shown, state)
    _note_files_aside(aside, memory, state)
    return state


def _keep_rejected(
    path: str, origins: Mapping[str, str], shown: Mapping[str, RememberedEdit], state: FolderState
) -> None:
    """Notes a file that cannot be used: it stays, and the decision about its picture goes."""
    state.own.append(OwnFile(IMAGES + path, origins.get(path, "")))
    if path in origins:
        state.edits.pop(origins[path], None)
    elif path in shown:
        state.edits[shown[path].identity] = GONE


def _last_written(pictures: Iterable[PictureFile], past: PastExport) -> str:
    """Returns the path of the one file that a kill may have left half-written; nothing where there is none."""
    there = {picture.path for picture in pictures}
    unsure = (row.path for row in reversed(past.rows) if row.number in past.unsure)
    return next((path for path in unsure if path in there), "")


def _compare(
    picture: PictureFile, origin: ExportRow, identity: str, classes: Sequence[str], state: FolderState
) -> list[str]:
    """Notes what became of one exported picture; returns the conflict, if its class is unclear."""
    state.edits.pop(identity, None)
    path = IMAGES + picture.path
    if picture.sha256 != origin.sha256:
        state.own.append(OwnFile(path, identity))
        return []
    if picture.path == origin.path:
        state.ours.append(_our_file(path, picture.sha256, identity))
        return []
    subset, folder, name = picture.path.split("/", 2)
    class_name = class_of(folder, name, origin, classes)
    if isinstance(class_name, Conflict):
        return [f"{picture.path}: {class_name}"]
    state.ours.append(OurFile(path, picture.sha256, identity, f"{subset}/{class_name}"))
    edit = Edit(
        subset="" if origin.path.startswith(f"{subset}/") else subset,
        class_name="" if class_name == origin.class_name else class_name,
        name="" if scheme_number(name) == origin.number else name,
        is_tidy=class_name != origin.class_name and stated_label(name, len(classes)) == _label(class_name, classes),
    )
    if edit != AS_EXPORTED:
        state.edits[identity] = edit
    return []


def _label(class_name: str, classes: Sequence[str]) -> int:
    return classes.index(class_name) if class_name in classes else -1


def _stand_for(picture: PictureFile, known: RememberedEdit, state: FolderState) -> None:
    """Notes a picture that stands for one that is not exported: its folder alone says what it is."""
    path = IMAGES + picture.path
    if known.edit == AS_EXPORTED:
        state.own.append(OwnFile(path, known.identity))
    elif picture.sha256 != known.sha256:
        state.own.append(OwnFile(path))
        state.edits[known.identity] = GONE
    else:
        subset, folder, name = picture.path.split("/", 2)
        is_same_name = name == known.path.rpartition("/")[2]
        is_tidy = known.edit.is_tidy and is_same_name and folder == known.edit.class_name
        state.edits[known.identity] = Edit(
            subset=subset, class_name=folder, name=known.edit.name if is_same_name else name, is_tidy=is_tidy
        )
        state.ours.append(_our_file(path, picture.sha256, known.identity))


def _our_file(path: str, sha256: str, identity: str) -> OurFile:
    return OurFile(path, sha256, identity, path.partition("/")[2].rpartition("/")[0])


def _is_dormant(edit: Edit | None, classes: Sequence[str]) -> bool:
    """Returns whether a picture is missing from the folders only because its class has none there."""
    return edit is not None and not edit.gone and bool(edit.class_name) and edit.class_name not in classes


def _note_files_aside(aside: Iterable[str], memory: Sequence[RememberedEdit], state: FolderState) -> None:
    paths = {ASIDE + path for path in aside}
    known = {remembered.path: remembered for remembered in memory if remembered.path.startswith(ASIDE)}
    for path in sorted(paths):
        identity, edit, _, sha256 = known.get(path, RememberedEdit("", AS_EXPORTED))
        if edit == AS_EXPORTED:
            state.own.append(OwnFile(path, identity))
        else:
            state.ours.append(_our_file(path, sha256, identity))
    state.edits |= {remembered.identity: GONE for path, remembered in known.items() if path not in paths}
