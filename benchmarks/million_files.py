"""The seconds a file and the memory of index, split and status over 1,000,000 generated pictures, against 100,000.

    python benchmarks/million_files.py [FOLDER]

Needs 5 GB of disk and as many inodes as there are pictures. Each step is a process of its own.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from luigi.configuration import get_config
from measuring import print_table, time_command

from datasets.arrays import Arrays
from datasets.section_options import option
from datasets.sources import source as sources
from datasets.sources.source import FixedListing, Places

COUNTS = (100_000, 1_000_000)
CLASSES = tuple(f"class{label}" for label in range(10))
STEPS = ("export", "index", "index again", "duplicates", "split", "status")


@dataclass(frozen=True)
class ManyPictures:
    """A source of very small pictures, all different."""

    count: int = option(1, words="how many pictures there are")

    side: ClassVar[int] = 4
    classes: ClassVar[tuple[str, ...]] = CLASSES

    def list(self, places: Places) -> FixedListing:
        """Returns the classes."""
        return FixedListing(self.classes)

    def load(self, listing: FixedListing, places: Places) -> Arrays:
        """Returns pictures whose first pixels spell their numbers."""
        pixels = np.zeros((self.count, self.side, self.side, 3), np.uint8)
        pixels.reshape(self.count, -1)[:, :4] = np.arange(self.count, dtype=np.uint32)[:, None].view(np.uint8)
        return Arrays(pixels, np.arange(self.count) % len(CLASSES), CLASSES, self.count * 9 // 10)


def run_step(step: str, count: int, folder: Path) -> None:
    """Runs one step, in the process that measures it."""
    sources.BUILT_IN["many"] = "million_files:ManyPictures"
    dataset = {"source": "many", "count": str(count)}
    settings = {"paths": {"workspace": str(folder)}, f"dataset:n{count}": dataset}
    get_config().read_dict(settings)
    import pipeline
    from pipeline.__main__ import main as run_verb

    if step == "status":
        run_verb(["status", "PackImages", "--dataset", f"n{count}"])
        return
    tasks = {"export": pipeline.ExportImages, "duplicates": pipeline.FindDuplicates, "split": pipeline.SplitImages}
    task = tasks.get(step, pipeline.IndexImages)
    if step == "index again":
        picture = next((folder / f"n{count}/images/train/class1").iterdir())
        picture.rename(folder / f"n{count}/images/train/class2" / picture.name)
    pipeline.build(task(dataset=f"n{count}"))


def main(disk: str | None = None) -> None:
    """Measures and prints."""
    measured = {}
    for count in COUNTS:
        with tempfile.TemporaryDirectory(dir=disk) as folder:
            for step in STEPS:
                command = [sys.executable, __file__, step, str(count), folder]
                measured[step, count] = time_command(command, Path(__file__).parent.parent)
    rows = []
    for step in STEPS:
        small, large = (measured[step, count] for count in COUNTS)
        ratio = large.seconds / COUNTS[1] / (small.seconds / COUNTS[0])
        rows.append((step, f"{small.seconds:.1f}", f"{large.seconds:.1f}", f"{ratio:.2f}", f"{large.peak_mb:,.0f}"))
    print_table(("step", "100,000: s", "1,000,000: s", "a file, ratio", "peak MB at 1,000,000"), rows)


if __name__ == "__main__":
    if len(sys.argv) == 4:
        run_step(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(*sys.argv[1:])
