"""Attacks the house for as long as it takes, and prints a table of what was tried and what did not hold.

In the folder `tests`: `python -m attacks`; for some of it, `python -m attacks tidy undo --step 5`.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

from conftest import Project, write_tiny_archive

from attacks import crowd, full_disk, mutations, spoilt
from attacks.deeds import DEEDS
from attacks.points import attack_every

Tries = Iterable[str | None]  # what went wrong with each, or None


def kills_and_refusals(deed: str, project: Project, step: int) -> Tries:
    """Attacks a deed at its calls to the system."""
    return (fault and f"{fault.what} at call {fault.at}, {fault.story}" for fault in attack_every(deed, project, step))


def spoilt_files(project: Project, step: int) -> Iterator[str | None]:
    """Spoils files of ours."""
    kept = spoilt.prepare(project)
    for one in spoilt.every_damage(kept)[::step]:
        for wrong in spoilt.attack(project, kept, one):
            yield wrong and f"{one.file}, {one.damage}: {wrong}"


def full_disks(project: Project, _: int) -> Iterator[str | None]:
    """Fills the disk."""
    for stage, wrong in full_disk.attack(project):
        yield wrong and f"{stage}: {wrong}"


def archives(project: Project, step: int) -> Iterator[str | None]:
    """Mutates the batches and archives of a source."""
    yield from mutations.attack_batches(project.folder / "batches", 4_000 // step, seed=100)
    for suffix in mutations.COMPRESSED:
        yield from mutations.attack_archives(project.folder / suffix, suffix, 1_000 // step, seed=200)


def source_pictures(_: Project, step: int) -> Iterator[str | None]:
    """Mutates pictures of a source, of every kind."""
    for kind in mutations.PICTURE_KINDS:
        yield from mutations.attack_pictures(kind, 1_500 // step, seed=300)


OTHERS = {
    "archives": archives,
    "pictures": source_pictures,
    "spoilt files": spoilt_files,
    "full disk": full_disks,
    "crowd": lambda project, step: crowd.attack(project, 60 // step or 1),
}


def main() -> int:
    """Runs the attacks that the command line names, or all. Returns 1 if anything did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of: {', '.join((*DEEDS, *OTHERS))}; without, all")
    parser.add_argument("--step", type=int, default=1, help="try every STEP-th point, file or round")
    arguments = parser.parse_args()
    print(f"{'attack':<20} {'tried':>6} {'faults':>6} {'seconds':>8}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        archive = write_tiny_archive(Path(folder) / "tiny")
        return max(
            _report(name, Project(Path(folder) / name.replace(" ", "-"), archive), arguments.step)
            for name in arguments.names or (*DEEDS, *OTHERS)
        )


def _report(name: str, project: Project, step: int) -> int:
    """Runs an attack and prints its line of the table. Returns 1 if anything did not hold."""
    project.folder.mkdir()
    began, tried, faults = time.monotonic(), 0, []
    with redirect_stderr(StringIO()):
        for wrong in kills_and_refusals(name, project, step) if name in DEEDS else OTHERS[name](project, step):
            tried += 1
            faults += [wrong] if wrong else []
    print(f"{name:<20} {tried:>6} {len(faults):>6} {time.monotonic() - began:>8.0f}", flush=True)
    for fault in faults:
        print(f"    {fault}", flush=True)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
