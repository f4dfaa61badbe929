"""The pictures exported a second, against a Pillow save loop and against bare writes of files of the same size.

    python benchmarks/export_speed.py ARCHIVE [FOLDER]

ARCHIVE is CIFAR-10 in any form the project reads; FOLDER (a temporary one by default) says on which disk to write.
All three write the same pictures in one run, taking turns; the best of three turns counts.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from measuring import print_table
from PIL import Image

from datasets.arrays import Arrays
from datasets.export import describe_export
from datasets.png import encode_png
from datasets.reexport.export_over import NOTHING, export_over
from datasets.selection import Selection, select
from datasets.sources.cifar.load_cifar import load
from datasets.sources.source import Places

TURNS = 3


def export(selection: Selection, folder: Path) -> None:
    """Exports as the project does: named, hashed and journaled."""
    outcome = export_over(selection, "cifar10", "key", folder, NOTHING, current=list, lost=list)
    describe_export(outcome, selection, "cifar10", folder)


def save_with_pillow(selection: Selection, folder: Path) -> None:
    """Saves each picture with Pillow, as cifar2png and most notebooks do."""
    for place in selection.places:
        path = folder / place.path
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(selection.arrays.pixels[selection.numbering.positions[place.number]]).save(path)


def write_bare(selection: Selection, folder: Path) -> None:
    """Writes files of the size that the export writes, with nothing done to them."""
    content = bytes(len(encode_png(selection.arrays.pixels[0])))
    for class_name in selection.classes:
        (folder / class_name).mkdir()
    for number in range(len(selection)):
        file = os.open(
            f"{folder}/{selection.classes[number % len(selection.classes)]}/{number}", os.O_WRONLY | os.O_CREAT
        )
        os.write(file, content)
        os.close(file)


def main(archive: str, disk: str | None = None) -> None:
    """Measures and prints."""
    nowhere = Path("nowhere")
    arrays: Arrays = load(
        "cifar10", "fine", Places(workspace=nowhere, downloads=nowhere, keras_home=nowhere, archives=Path(archive))
    )
    selection = select(arrays, arrays.classes)
    ways: dict[str, Callable[[Selection, Path], None]] = {
        "bare writes": write_bare,
        "Pillow save loop": save_with_pillow,
        "export": export,
    }
    rates = dict.fromkeys(ways, 0.0)
    for _ in range(TURNS):
        for name, way in ways.items():
            folder = Path(tempfile.mkdtemp(dir=disk))
            began = time.perf_counter()
            way(selection, folder)
            rates[name] = max(rates[name], len(selection) / (time.perf_counter() - began))
            shutil.rmtree(folder)
    rows = [(name, f"{rate:,.0f}", f"{rates['export'] / rate:.2f}") for name, rate in rates.items()]
    print_table(("way", "pictures/s", "export against it"), rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
