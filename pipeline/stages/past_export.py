"""What the last export to end had listed, and what was last seen in its folders: what a new one starts from."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from datasets.contents import Picture
from datasets.exported import read_exported
from datasets.tables import read_rows
from pipeline.engine.digests import short_hash
from pipeline.engine.results import LATEST
from pipeline.engine.trace import read_trace

if TYPE_CHECKING:  # loaded where an export is planned: a run with nothing to do never needs it
    from datasets.reexport.folder_state import PastExport


def last_export(home: Path) -> "PastExport":
    """The last export to end; one of nothing where there was none."""
    from datasets.reexport.edits import Identities
    from datasets.reexport.export import NOTHING
    from datasets.reexport.folder_state import PastExport

    folder = _last_result(home)
    try:
        facts = json.loads((folder / "source.json").read_text(encoding="utf-8"))
        source = read_trace(folder)["parameters"]["source"]
        rows = read_exported(folder / "export.csv")
    except (OSError, ValueError, KeyError, TypeError):
        return NOTHING
    files_csv = folder / "files.csv"
    files = {int(number): file for number, file in read_rows(files_csv)} if files_csv.exists() else {}
    return PastExport(rows, facts["classes"], Identities(source, files))


def _last_result(home: Path) -> Path:
    """Where `latest/` has gone, the newest of the results it may have named."""
    named = home / LATEST / "export"
    if named.exists():
        return named
    traces = sorted((home / "export").glob("[!.]*/trace.json"), key=lambda trace: trace.stat().st_mtime_ns)
    return traces[-1].parent if traces else named


def last_seen(home: Path) -> list[Picture]:
    """What the folders of the last export held when they were last indexed; nothing where that is not known."""
    index = home / LATEST / "index"
    try:
        seen = read_trace(index)["inputs"]["export"]
        contents = read_trace(home / LATEST / "export")["contents"]
        if seen != short_hash(contents):
            return []
        usable = [Picture(row[0], row[6], "") for row in read_rows(index / "index.csv")]
        return usable + [Picture(path, "", reason) for path, reason in read_rows(index / "rejected.csv")]
    except (OSError, ValueError, KeyError, TypeError):
        return []
