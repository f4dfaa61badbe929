"""Attacks the house for as long as it takes, and prints a table of what was tried and what did not hold.

From the folder `tests`: `python -m attacks`, or `python -m attacks NAME… --step 5` for some of it.
"""

import argparse
import tempfile
import time
from pathlib import Path

from attacks.deeds import DEEDS
from attacks.points import attack_every
from conftest import Project, write_tiny_archive


def main() -> int:
    """Runs the attacks that the command line names, or all. Returns 1 if anything did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*DEEDS, []], help="the deeds to attack; without, all")
    parser.add_argument("--step", type=int, default=1, help="attack at every STEP-th call")
    arguments = parser.parse_args()
    failed = 0
    print(f"{'attack':<20} {'tried':>6} {'faults':>6} {'seconds':>8}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        archive = write_tiny_archive(Path(folder) / "tiny")
        for name in arguments.names or DEEDS:
            place = Path(folder) / name.replace(" ", "-")
            place.mkdir()
            began = time.monotonic()
            count, faults = attack_every(name, Project(place, archive), arguments.step)
            print(f"{name:<20} {count:>6} {len(faults):>6} {time.monotonic() - began:>8.0f}", flush=True)
            for fault in faults:
                print(f"    {fault.what} at call {fault.at}, {fault.story}", flush=True)
            failed += len(faults)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
