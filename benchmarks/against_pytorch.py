"""Measures how many pictures a second `sprint` learns from, beside PyTorch with the same network on the same cores.

    python benchmarks/against_pytorch.py PYTHON

PYTHON is an interpreter that has PyTorch. Both take turns on the same batches of noise, and the fastest step counts. Of
PyTorch's ways (channels first or last, float32 or, where the processor computes in it, bfloat16) the fastest counts;
none is compiled. The ratio is with Nesterov's optimiser on both sides; the recipe's own, Muon, does more work.
"""

import argparse
import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

from learning import new_step, pictures_per_second
from measuring import print_table

from models.backend import precision_of, prepare_tensorflow
from models.recipes.lookup import resolve

SIDES = ("20", "24", "32")
ROUNDS, STEPS = 5, 5
BATCH = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("python", help="an interpreter that has PyTorch")
    python = parser.parse_args().python
    threads = prepare_tensorflow()
    recipe = resolve("sprint", {}, {})
    muon, nesterov = new_step(recipe), new_step(replace(recipe, optimiser="sgd"))
    precisions = {"float32", precision_of(recipe)}
    rounds = [
        (speeds_of_pytorch(python, threads, precisions), speeds_of(nesterov), speeds_of(muon)) for _ in range(ROUNDS)
    ]
    rows = []
    for side in SIDES:
        theirs, alike, own = (max(speeds[side] for speeds in turns) for turns in zip(*rounds, strict=True))
        speeds = (f"{speed:,.0f}" for speed in (own, alike, theirs))
        rows.append((f"{side} x {side}", *speeds, f"{alike / theirs:.2f}"))
    print_table(("pictures", "`sprint`, pictures/s", "with Nesterov's", "PyTorch with Nesterov's", "ratio"), rows)


def speeds_of(step: Any) -> dict[str, float]:
    return {side: pictures_per_second(step, BATCH, int(side), 1, STEPS) for side in SIDES}


def speeds_of_pytorch(python: str, threads: int, precisions: set[str]) -> dict[str, float]:
    script = Path(__file__).with_name("pytorch_network.py")
    command = [python, str(script), ",".join(SIDES), str(BATCH), str(threads), ",".join(sorted(precisions))]
    speeds: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return speeds


if __name__ == "__main__":
    main()
