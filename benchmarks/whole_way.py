"""Times `FullReport` on CIFAR-10 with one recipe, in a fresh workspace, stage by stage.

    python benchmarks/whole_way.py ARCHIVES [--recipe sprint]

Prints each stage's seconds and their share of the whole command's, which also holds planning and the loading of
libraries, and the most memory that the command held at once.
"""

import argparse
import csv
import tempfile
from pathlib import Path

from measuring import luigi, print_table, time_command


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archives", type=Path)
    parser.add_argument("--recipe", default="sprint")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = f"[cifar]\narchives = {options.archives.resolve()}\n"
        (Path(folder) / "luigi.cfg").write_text(settings, encoding="utf-8")
        command = luigi("FullReport", "--dataset", "cifar10", "--recipes", options.recipe)
        seconds, peak_mb = time_command(command, Path(folder))
        stages = read_stages(Path(folder) / "workspace" / "cifar10" / "latest" / "report" / "stages.csv")
    rows = [(stage, f"{took:.1f}", f"{took / seconds:.1%}") for stage, took in stages.items()]
    between = seconds - sum(stages.values())
    print_table(
        ("stage", "seconds", "share"),
        [
            *rows,
            ("between stages", f"{between:.1f}", f"{between / seconds:.1%}"),
            ("the command", f"{seconds:.1f}", ""),
        ],
    )
    print(f"\nAt most {peak_mb:,.0f} MB at once.")


def read_stages(stages_csv: Path) -> dict[str, float]:
    with stages_csv.open(newline="", encoding="utf-8") as file:
        return {row["stage"]: float(row["seconds"]) for row in csv.DictReader(file)}


if __name__ == "__main__":
    main()
