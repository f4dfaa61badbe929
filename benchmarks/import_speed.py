"""The photos imported a second from a folder, against a plain Pillow loop that opens, fits and saves the same photos.

    python benchmarks/import_speed.py FOLDER [DISK]

FOLDER holds photos in any layout the project reads; DISK (that of temporary files by default) is where both write. The
import is the whole command, from its start to its end, and also turns, hashes and journals what it writes. They take
turns; the best of three turns counts.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from measuring import luigi, print_table, time_command
from PIL import Image, ImageOps

from datasets.sources.folder.folder_listing import SourceListing, list_folder

TURNS = 3
SIDE_PIXELS = 150


def import_folder(listing: SourceListing, folder: Path) -> None:
    """Imports as the project does."""
    settings = f"[dataset:photos]\nsource = folder\npath = {listing.root.absolute()}\nsize = {SIDE_PIXELS}\n"
    (folder / "luigi.cfg").write_text(settings, encoding="utf-8")
    time_command(luigi("ExportImages", "--dataset", "photos"), folder)


def loop_with_pillow(listing: SourceListing, folder: Path) -> None:
    """Opens, fits and saves each photo with Pillow, as most notebooks do."""
    for class_name in listing.classes:
        (folder / class_name).mkdir()
    for number, file in enumerate(listing.files):
        photo = Image.open(listing.root / file.path).convert("RGB")
        ImageOps.fit(photo, (SIDE_PIXELS, SIDE_PIXELS), Image.Resampling.LANCZOS).save(
            folder / file.class_name / f"{number}.png"
        )


def time_way(way: Callable[[SourceListing, Path], None], listing: SourceListing, disk: str | None) -> float:
    """Returns the seconds of an export into a fresh folder."""
    with tempfile.TemporaryDirectory(dir=disk) as folder:
        began = time.perf_counter()
        way(listing, Path(folder))
        return time.perf_counter() - began


def main(folder: str, disk: str | None = None) -> None:
    """Measures and prints."""
    listing = list_folder(Path(folder))
    ways = {"Pillow loop": loop_with_pillow, "import": import_folder}
    seconds = dict.fromkeys(ways, float("inf"))
    for _ in range(TURNS):
        for name, way in ways.items():
            seconds[name] = min(seconds[name], time_way(way, listing, disk))
    rows = [
        (name, f"{taken:.1f}", f"{len(listing.files) / taken:,.0f}", f"{taken / seconds['import']:.2f}")
        for name, taken in seconds.items()
    ]
    print_table(("way", "seconds", "photos/s", "import against it"), rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
