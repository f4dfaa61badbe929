"""The last finished export of a data set: its pictures, its settings, and what was done to the pictures since."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasets.contents import PictureFile
from datasets.damaged import damaged, read_json, told_if_damaged
from datasets.tables import ExportRow, read_exported, read_files, read_index, read_rejected
from pipeline.engine.digests import digest_file, short_hash
from pipeline.engine.results import LATEST
from pipeline.engine.trace import read_trace

if TYPE_CHECKING:  # loaded where an export is planned: a command with nothing to do never needs it
    from datasets.reexport.folder_state import PastExport

_UNREADABLE = (OSError, ValueError, KeyError, TypeError)


@told_if_damaged
def _classes_of(source_json: Path) -> list[str]:
    return [str(name) for name in read_json(source_json)["classes"]]


class LastExport:
    """The export that `latest/` names or, where `latest/` is gone, the newest one.

    Where only the result that `latest/` names is gone, there is none: an older one says nothing of today's folders.
    """

    def __init__(self, home: Path) -> None:
        self._home = home

    @cached_property
    def folder(self) -> Path:
        """The folder of its result; it does not exist before the first export."""
        named = self._home / LATEST / "export"
        if named.is_symlink() or named.exists():
            return named
        traces = sorted((self._home / "export").glob("[!.]*/trace.json"), key=lambda trace: trace.stat().st_mtime_ns)
        return traces[-1].parent if traces else named

    def exists(self) -> bool:
        """Returns whether there is an export, however its files are."""
        return (self.folder / "export.csv").exists()

    @cached_property
    def rows(self) -> list[ExportRow]:
        """The pictures it exported; none where there is no export."""
        if not self.exists():
            return []
        self.refuse_changed()
        return read_exported(self.folder / "export.csv")

    def refuse_changed(self) -> None:
        """Refuses an export.csv that is not as it was made: a picture that it lacks would pass for an added one."""
        export_csv = self.folder / "export.csv"
        try:
            made = read_trace(self.folder)["files"]["export.csv"]
        except _UNREADABLE:
            return
        if digest_file(export_csv) != made:
            raise damaged(export_csv, "it is not as it was made")

    @property
    def files(self) -> dict[int, str]:
        """The file of every number that was given by then; nothing where the source has no file for each picture."""
        return {row.number: row.file for row in read_files(self.folder / "files.csv")}

    @property
    def classes(self) -> list[str]:
        """The classes in the order of their labels; none where there is no export."""
        source_json = self.folder / "source.json"
        return _classes_of(source_json) if source_json.exists() else []

    @property
    def parameters(self) -> dict[str, Any]:
        """The key parameters in its trace; none where that cannot be read."""
        try:
            return dict(read_trace(self.folder)["parameters"])
        except _UNREADABLE:
            return {}

    def as_past(self) -> PastExport:
        """Returns the export that a new one starts from; an empty one if there is none."""
        from datasets.reexport.edits import Identities
        from datasets.reexport.export_over import NOTHING
        from datasets.reexport.folder_state import PastExport

        try:
            identities = Identities(self.parameters["source"], self.files)
            past = PastExport(self.rows, self.classes, identities)
        except _UNREADABLE:
            return NOTHING
        return past if past.classes else NOTHING

    def indexed_pictures(self) -> list[PictureFile]:
        """Returns what its folders held when they were last indexed; nothing where that is not known."""
        index = self._home / LATEST / "index"
        try:
            if read_trace(index)["inputs"]["export"] != short_hash(read_trace(self.folder)["contents"]):
                return []
            usable = [PictureFile(row.path, row.sha256, "") for row in read_index(index / "index.csv")]
            unusable = [row for row in read_rejected(index / "rejected.csv") if row.folder == "images"]
            rejected = [PictureFile(row.path, "", row.reason) for row in unusable]
        except _UNREADABLE:
            return []
        return usable + rejected
