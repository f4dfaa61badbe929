"""The plan of where everything goes when other pictures, or the same in another form, are exported over edited ones.

All paths are relative to the data set's folder.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from datasets.folders import ASIDE, IMAGES
from datasets.naming import stated_label
from datasets.reexport.edits import AS_EXPORTED, Edit, Identities, RememberedEdit, target_path
from datasets.reexport.folder_state import FolderState, OurFile, OwnFile
from datasets.selection import ExportPlace, Selection
from datasets.tables import ExportRow


@dataclass
class ReexportPlan:
    """The steps before the new pictures are written, in this order, and the edits that decide where they go.

    Those of the new pictures that are in place already are not touched.
    """

    withdrawn: list[OurFile] = field(default_factory=list)
    moves: list[tuple[str, str]] = field(default_factory=list)
    remembered: list[RememberedEdit] = field(default_factory=list)
    in_place: list[ExportRow] = field(default_factory=list)


class NewExport:
    """The pictures that are about to be exported.

    `encode` gives the file of a number in the source; nothing where it has none. `listed` are the pictures as they will
    be written, or nothing where it is known that all of them will be new files.
    """

    def __init__(
        self,
        selection: Selection,
        identities: Identities,
        encode: Callable[[int], bytes],
        listed: Iterable[ExportRow] = (),
    ) -> None:
        self.selection, self.identities, self.encode = selection, identities, encode
        self.classes = selection.classes
        self.listed = {row.number: row for row in listed}
        self.places = {place.number: place for place in selection.places}

    def place(self, identity: str) -> ExportPlace | None:
        """Returns the place of a picture if it is exported, edits aside."""
        number = self.identities.number(identity)
        return None if number is None else self.places.get(number)


def plan_export(state: FolderState, new: NewExport) -> ReexportPlan:
    """Returns the plan that carries every decision and every file of the user's over to a new export."""
    planner = _Planner(state, new)
    for own in state.own:
        planner.place_own(own)
    ours = [file for file in state.ours if not planner.stands_for_missing(file)]
    for identity, edit in planner.edits.items():
        planner.place_edited(identity, edit)
    for file in ours:
        planner.withdraw_unless_in_place(file)
    planner.plan.moves = in_safe_order(planner.plan.moves)
    return planner.plan


def in_safe_order(moves: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Returns the same moves, each after the one that makes room for it; a ring of them is opened by a detour."""
    pending, ordered = dict(moves), []
    for first, _ in moves:
        if first not in pending:
            continue
        chain = [first]
        while (target := pending[chain[-1]]) in pending and target != chain[0]:
            chain.append(target)
        if target == chain[0]:
            ordered.append((target, detour := f"{target}.moving"))
            pending[detour] = pending.pop(target)
            chain = [detour, *chain[1:]]
        ordered += [(path, pending.pop(path)) for path in reversed(chain)]
    return ordered


class _Planner:
    """A plan in the making: which paths are taken, and which decisions are left."""

    def __init__(self, state: FolderState, new: NewExport) -> None:
        self.new, self.plan, self.edits, self._hashes = new, ReexportPlan(), dict(state.edits), state.hashes
        self._reserved = {IMAGES + place.path for place in new.places.values()}
        self._own = {own.path for own in state.own}
        self._claimed: set[str] = set()
        self._targets: dict[str, str] = {}  # of edited pictures, by identity

    def place_own(self, own: OwnFile) -> None:
        """Keeps a file of the user's in the folder of its class, or sets it aside until this class comes back.

        A file that stands for an exported picture takes that picture's name, by which the index knows it.
        """
        place = self.new.place(own.identity) if own.identity else None
        self._own.discard(own.path)
        target = IMAGES + place.path if place else self._claim(self._in_root(own.path.partition("/")[2]))
        self._own.add(own.path)
        if target != own.path:
            self.plan.moves.append((own.path, target))
        if own.identity:
            self.plan.remembered.append(RememberedEdit(own.identity, AS_EXPORTED, target))

    def stands_for_missing(self, ours: OurFile) -> bool:
        """Returns whether this is an edited picture that the source has lost, and keeps its file and the decision.

        The file is in the folder of the class it was given, until the source has that picture again.
        """
        if ours.identity not in self.edits:
            return False
        number = self.new.identities.number(ours.identity)
        if number is not None and self.new.encode(number):
            return False
        target = self._claim(self._in_root(f"{ours.belongs_in}/{ours.path.rpartition('/')[2]}"))
        if target != ours.path:
            self.plan.moves.append((ours.path, target))
        self.plan.remembered.append(RememberedEdit(ours.identity, self.edits.pop(ours.identity), target, ours.sha256))
        return True

    def withdraw_unless_in_place(self, ours: OurFile) -> None:
        """Withdraws an exported file that is not what will be exported to its place."""
        number, place = self.new.identities.number(ours.identity), self.new.place(ours.identity)
        target = self._targets.get(ours.identity, IMAGES + place.path if place else "")
        row = self.new.listed.get(number) if number is not None else None
        if row and (ours.path, ours.sha256) == (target, row.sha256):
            self.plan.in_place.append(row)
        else:
            self.plan.withdrawn.append(ours)

    def place_edited(self, identity: str, edit: Edit) -> None:
        """Decides where an edited picture goes, and remembers it."""
        number, place = self.new.identities.number(identity), self.new.place(identity)
        remembered = RememberedEdit(identity, edit, sha256=self._hashes.get(identity, ""))
        if number is not None and not edit.gone:
            if place is not None:
                edit = self._with_free_name(edit, place)
                remembered = remembered._replace(edit=edit)
                self._targets[identity] = f"{IMAGES}{target_path(edit, place.path, self.new.classes)}"
            elif edit.class_name in self.new.classes and (content := self.new.encode(number)):
                path = self._place_among_others(number, edit)
                remembered = RememberedEdit(identity, edit, path, hashlib.sha256(content).hexdigest())
        self.plan.remembered.append(remembered)

    def _with_free_name(self, edit: Edit, place: ExportPlace) -> Edit:
        """Returns the edit with a name that is no other picture's and states no other label than before."""
        standard = PurePosixPath(place.path).name
        if stated_label(edit.name, len(self.new.classes)) is not None:
            edit = edit._replace(name=f"{standard.partition('_')[0]}_{edit.name.partition('_')[2]}")
        path = target_path(edit, place.path, self.new.classes)
        if path is None:
            return edit
        self._reserved.discard(IMAGES + place.path)
        claimed = self._claim(IMAGES + path)
        self._reserved.add(IMAGES + place.path)
        return edit if claimed == IMAGES + path else edit._replace(name=PurePosixPath(claimed).name)

    def _place_among_others(self, number: int, edit: Edit) -> str:
        """Returns the path of a picture whose own class is not exported, while the one it was moved to is."""
        label = self.new.classes.index(edit.class_name)
        return self._claim(IMAGES + self.new.selection.path(number, label, subset=edit.subset, name=edit.name))

    def _in_root(self, inner: str) -> str:
        """Returns a path in a class folder with its root: `images/`, or `aside/` while that is no class of these."""
        return (IMAGES if inner.split("/")[1] in self.new.classes else ASIDE) + inner

    def _claim(self, path: str) -> str:
        """Returns this path, or one like it that nothing else has or will have."""
        pure, count = PurePosixPath(path), 1
        while path in self._claimed or path in self._reserved or path in self._own:
            count += 1
            path = str(pure.with_name(f"{pure.stem} ({count}){pure.suffix}"))
        self._claimed.add(path)
        return path
