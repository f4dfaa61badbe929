"""Pictures written as PNG files into class folders, once; from then on the folders belong to the user.

Writes `images/<train|test>/<class>/<label>_<number>.png`, and in the result's folder `export.csv`
(path,number,label,class,sha256) and `source.json` (the classes in their order, the pictures' height and width).
While it writes, `written.csv` there is the journal of what is about to be written, so that a killed export
can be told from pictures that the user deleted.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from datasets.errors import UserError
from datasets.png import encode_png
from datasets.progress import progress
from datasets.selection import Selection
from datasets.tables import read_rows, write_rows

HEADER = ("path", "number", "label", "class", "sha256")
SUBSET_DIRS = ("train", "test")
_JOURNALED_AT_ONCE = 2_000

Row = tuple[str, int, int, str, str]
Edits = Mapping[int, str | None]


def export_images(
    selection: Selection,
    images_dir: Path,
    folder: Path,
    earlier_csv: Path | None,
    untouched: Callable[[], bool],
    edits: Edits,
) -> None:
    """Write the pictures, or only list them where they are written already.

    `earlier_csv` is what the last export listed; `untouched` tells whether the folders still hold just that; `edits`
    gives by number the class folder that the user had moved a picture to (None: deleted), for folders that are made
    anew after all were lost.
    """
    journal = folder / "written.csv"
    _drop_replaced(images_dir)
    if images_dir.exists() and not journal.exists():
        if _list_pictures(selection, folder / "export.csv", earlier_csv):
            _describe_source(selection, folder)
            return
        if not untouched():
            raise UserError(_edited_message(images_dir))
        images_dir.rename(_replaced(images_dir))
        _drop_replaced(images_dir)
        edits = {}
    elif not images_dir.exists():
        journal.unlink(missing_ok=True)
    _write_pictures(selection, images_dir, journal, edits)
    journal.replace(folder / "export.csv")
    _describe_source(selection, folder)


def _list_pictures(selection: Selection, export_csv: Path, earlier_csv: Path | None) -> bool:
    """List the pictures without writing them; whether that is the list of the last export, too."""
    with progress("listing what was exported", len(selection)) as advance:
        write_rows(export_csv, HEADER, (row for row, _ in _encoded(selection, 0, advance)))
    return earlier_csv is None or export_csv.read_bytes() == earlier_csv.read_bytes()


def _write_pictures(selection: Selection, images_dir: Path, journal: Path, edits: Edits) -> None:
    written = _cut_back_to_surely_written(journal)
    for subset in SUBSET_DIRS:
        for class_name in selection.classes:
            (images_dir / subset / class_name).mkdir(parents=True, exist_ok=True)
    with progress("exporting", len(selection)) as advance, journal.open("ab", buffering=0) as lines:
        advance(written)
        pictures = _encoded(selection, written, advance)
        while chunk := list(islice(pictures, _JOURNALED_AT_ONCE)):
            lines.write("".join(f"{','.join(map(str, row))}\n" for row, _ in chunk).encode())
            for row, content in chunk:
                path, number = row[:2]
                exported_to, name = path.rsplit("/", 1)
                class_dir = edits.get(number, exported_to)
                if class_dir is not None:
                    _write_picture(f"{images_dir}/{class_dir}/{name}", content)


def _encoded(selection: Selection, first: int, advance: Callable[[int], None]) -> Iterator[tuple[Row, bytes]]:
    for count, picture in enumerate(islice(selection.pictures(), first, None), 1):
        content = encode_png(picture.pixels)
        sha256 = hashlib.sha256(content).hexdigest()
        yield (picture.path, picture.number, picture.label, picture.class_name, sha256), content
        if count % 500 == 0:
            advance(500)


def _cut_back_to_surely_written(journal: Path) -> int:
    """How many pictures a killed export surely wrote: all it journaled but the last lot, which is done again."""
    lines = journal.read_bytes().splitlines(keepends=True)[1:] if journal.exists() else []
    whole = sum(line.endswith(b"\n") for line in lines)
    sure = max(0, whole - 1) // _JOURNALED_AT_ONCE * _JOURNALED_AT_ONCE
    kept = journal.with_suffix(".kept")
    kept.write_bytes(",".join(HEADER).encode() + b"\n" + b"".join(lines[:sure]))
    kept.replace(journal)
    return sure


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
            raise OSError(28, "No space left on device", path)
    finally:
        os.close(file)


def _describe_source(selection: Selection, folder: Path) -> None:
    _, height, width, _ = selection.arrays.pixels.shape
    source = {"classes": selection.classes, "height": height, "width": width}
    (folder / "source.json").write_text(json.dumps(source, indent=1) + "\n", encoding="utf-8")


def _replaced(images_dir: Path) -> Path:
    return images_dir.with_name(f".{images_dir.name}.replaced")


def _drop_replaced(images_dir: Path) -> None:
    if _replaced(images_dir).exists():
        shutil.rmtree(_replaced(images_dir))


def _edited_message(images_dir: Path) -> str:
    return (
        f"{images_dir} was exported with other settings, or by other code, and edited since; exporting it again would "
        "undo those edits, so nothing was touched. Put the settings of the data set back, or give the new ones a name "
        "of their own in luigi.cfg ([dataset:NAME]), or move the folder away to export afresh"
    )


def read_edits(index_csv: Path, removed_csv: Path) -> dict[int, str | None]:
    """The class folder of each exported picture that the user had moved (None: deleted), by number."""
    edits: dict[int, str | None] = {int(row[1]): None for row in read_rows(removed_csv)}
    for _, subset, _, class_name, number, exported_path, _ in read_rows(index_csv):
        class_dir = f"{subset}/{class_name}"
        if number and not exported_path.startswith(f"{class_dir}/"):
            edits[int(number)] = class_dir
    return edits
