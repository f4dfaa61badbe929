"""The search for duplicates, how good and how quick: the sample's planted ones, and those of CIFAR-10 in its test.

    python benchmarks/duplicates.py ARCHIVE [--published duplicates_cifar10.csv] [--sheet docs/duplicates-cifar10.png]

ARCHIVE is CIFAR-10 in any form the project reads; the 286 pairs published with ciFAIR are listed in
meta/duplicates_cifar10.csv of github.com/cvjena/cifair. Prints tables; draws fifty of the test pictures that have a
duplicate in training beside it, evenly spread over all of them from the most to the least alike. Perceptual hashes are
measured beside ours where imagehash is installed.
"""

import argparse
import csv
import importlib.util
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from measuring import Measured, luigi, print_table, time_command
from PIL import Image, ImageDraw

from datasets.duplicates.likeness import find_alike
from datasets.duplicates.looks import look_at
from datasets.sources.sample.flaws import near_duplicates
from datasets.sources.sample.sample_source import paint_sample
from datasets.tables import read_leaks

SEEDS = 8
DISTANCES = (2, 4, 6, 8, 10)
TEST_START = 50_000
SHOWN, COLUMNS, ENLARGED = 50, 5, 3
GAP, CAPTION_HEIGHT = 12, 16

Pairs = set[tuple[int, int]]


class Leak(NamedTuple):
    """A test picture and its nearest duplicate in training, by their paths."""

    path: str
    duplicate: str
    distance: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--published", type=Path, help="the list of ciFAIR")
    parser.add_argument("--sheet", type=Path, help="where to draw fifty pairs")
    options = parser.parse_args()
    has_peer = importlib.util.find_spec("imagehash") is not None
    if not has_peer:
        print("imagehash is not installed: ours alone is measured\n")
    score_sample(has_peer)
    print()
    with tempfile.TemporaryDirectory() as folder:
        home = measure_cifar(options.archive.absolute(), Path(folder))
        print()
        leaks = [Leak(row.path, row.duplicate, row.distance) for row in read_leaks(home / "latest/split/leaks.csv")]
        compare_with_published(leaks, home / "images", options.published, has_peer)
        if options.sheet:
            draw_sheet(leaks, home / "images", options.sheet)


def score_sample(has_peer: bool) -> None:
    """Returns the planted pairs found, and others, over some seeds."""
    scores: dict[str, list[int]] = {}
    for seed in range(SEEDS):
        pixels = np.asarray(paint_sample(seed).pixels)
        planted = {(pair.train_number, pair.test_number) for pair in near_duplicates(seed)}
        ways = {"ours": {(min(pair), max(pair)) for pair in find_alike(look_at(pixels)).pairs.tolist()}}
        if has_peer:
            hashes = hash_perceptually(pixels)
            ways |= {f"phash, {most} bits apart": pairs_within(hashes, hashes, most) for most in DISTANCES}
        for way, pairs in ways.items():
            score = scores.setdefault(way, [0, 0, 0])
            score[0] += len(planted & pairs)
            score[1] += len(planted)
            score[2] += len(pairs - planted)
    print_table(
        (f"the sample, {SEEDS} seeds", "planted pairs found", "other pairs"),
        [(way, f"{found} of {total}", others) for way, (found, total, others) in scores.items()],
    )


def measure_cifar(archive: Path, folder: Path) -> Path:
    """Times the stage by itself, new and after edits; returns the data set's folder."""
    options = ("--dataset", "cifar10", "--paths-workspace", str(folder), "--cifar-archives", str(archive))
    repository, home = Path(__file__).parent.parent, folder / "cifar10"

    def measure(task: str) -> Measured:
        return time_command(luigi(task, *options), repository)

    measure("IndexImages")
    rows = [("60,000 pictures", measure("FindDuplicates"))]
    cats = sorted((home / "images/train/cat").iterdir())
    cats[0].rename(home / "images/train/dog" / cats[0].name)
    measure("IndexImages")
    rows.append(("after one was moved", measure("FindDuplicates")))
    original = cats[1].read_bytes()
    Image.open(cats[1]).rotate(90).save(cats[1])
    measure("IndexImages")
    rows.append(("after one was repainted", measure("FindDuplicates")))
    cats[1].write_bytes(original)
    (home / "images/train/dog" / cats[0].name).rename(cats[0])
    measure("SplitImages")
    print_table(
        ("FindDuplicates, with the start of the command", "seconds", "peak MB"),
        [(what, f"{measured.seconds:.1f}", f"{measured.peak_mb:,.0f}") for what, measured in rows],
    )
    return home


def compare_with_published(leaks: list[Leak], images_dir: Path, published: Path | None, has_peer: bool) -> None:
    """Prints how many test pictures have a duplicate in training, and how many of the published ones are among them."""
    ways = {"ours": {number_of(leak.path) for leak in leaks}}
    if has_peer:
        began = time.perf_counter()
        pictures = sorted(images_dir.rglob("*.png"), key=lambda path: number_of(path.name))
        hashes = hash_perceptually(np.asarray(Image.open(path)) for path in pictures)
        for most in DISTANCES:
            pairs = pairs_within(hashes[TEST_START:], hashes[:TEST_START], most)
            ways[f"phash, {most} bits apart"] = {TEST_START + test for test, _ in pairs}
        print(f"imagehash: {time.perf_counter() - began:.1f} s for 60,000 hashes and {len(DISTANCES)} comparisons\n")
    listed: set[int] = set()
    if published:
        with published.open(newline="") as file:
            listed = {TEST_START + int(row["TestID"]) for row in csv.DictReader(file)}
    print_table(
        ("CIFAR-10", "test pictures with a duplicate in training", f"of the {len(listed)} published"),
        [(way, f"{len(found):,} ({len(found) / 10_000:.2%})", len(found & listed)) for way, found in ways.items()],
    )


def hash_perceptually(pictures: Iterable[np.ndarray]) -> np.ndarray:
    """Returns a hash of 64 bits of each picture."""
    from imagehash import phash

    return np.array([np.packbits(phash(Image.fromarray(pixels)).hash) for pixels in pictures]).view(np.uint64)[:, 0]


def pairs_within(hashes: np.ndarray, others: np.ndarray, most: int) -> Pairs:
    """Returns the pairs of positions whose hashes differ in so many bits at most, each pair once."""
    pairs: Pairs = set()
    for position, value in enumerate(hashes):
        near = np.flatnonzero(np.bitwise_count(others ^ value) <= most)
        pairs |= {(position, other) for other in near.tolist() if others is not hashes or position < other}
    return pairs


def number_of(path: str) -> int:
    """Returns a picture's position in the source, where training comes first."""
    return int(Path(path).stem.split("_")[1])


def draw_sheet(leaks: list[Leak], images_dir: Path, target: Path) -> None:
    """Draws every pair with its number, its distance and its classes."""
    ranked = sorted(leaks, key=lambda leak: (leak.distance, leak.path))
    chosen = [ranked[place] for place in np.linspace(0, len(ranked) - 1, SHOWN).round().astype(int)]
    side = 32 * ENLARGED
    cell = 2 * side + GAP, side + CAPTION_HEIGHT + GAP
    sheet = Image.new("RGB", (COLUMNS * cell[0] + GAP, SHOWN // COLUMNS * cell[1] + GAP), "white")
    pen = ImageDraw.Draw(sheet)
    for place, leak in enumerate(chosen):
        left, top = GAP + place % COLUMNS * cell[0], GAP + place // COLUMNS * cell[1]
        for shift, path in ((0, leak.path), (side, leak.duplicate)):
            picture = Image.open(images_dir / path).resize((side, side), Image.Resampling.NEAREST)
            sheet.paste(picture, (left + shift, top))
        classes = " / ".join(dict.fromkeys(path.split("/")[1] for path in (leak.path, leak.duplicate)))
        pen.text((left, top + side + 2), f"{place + 1}   {leak.distance:.3f}   {classes}", fill="black")
    sheet.save(target, optimize=True)


if __name__ == "__main__":
    main()
