"""Compares every result with the digests in its trace."""

from collections.abc import Sequence

from pipeline.engine.damage import damaged_files
from pipeline.terminal.housekeeping import homes_with_results, results
from pipeline.terminal.verb_arguments import EVERY_DATASET, WORKSPACE, Verb, arguments_of

VERB = Verb(
    "verify",
    "check the files of every result, and name those that are damaged",
    example="verify --dataset sample",
    options=(EVERY_DATASET, WORKSPACE),
)


def run(arguments: Sequence[str]) -> int:
    """Prints every damaged file; returns 1 if there is one."""
    with arguments_of(VERB, arguments) as given:
        folders = [folder for home in homes_with_results(given.dataset) for folder in results(home)]
    damage = [line for folder in folders for line in damaged_files(folder)]
    for line in damage:
        print(line)
    print(f"{len(folders)} results checked, {len(damage)} files damaged")
    if damage:
        print("Delete the folder of each damaged result; the next `luigi` command builds it again")
    return 1 if damage else 0
