"""Lists old results and what killed builds left, with their sizes, and deletes them with --yes."""

import shutil
from collections.abc import Sequence

from pipeline.terminal.housekeeping import homes_with_results, leftovers
from pipeline.terminal.verb_arguments import EVERY_DATASET, WORKSPACE, Verb, VerbOption, arguments_of

VERB = Verb(
    "prune",
    "list old results with their sizes; --yes deletes them, never the pictures",
    example="prune --dataset sample --yes",
    options=(EVERY_DATASET, VerbOption("--yes", "", "delete what is listed"), WORKSPACE),
)


def run(arguments: Sequence[str]) -> int:
    """Prints what can be deleted; deletes it with --yes."""
    with arguments_of(VERB, arguments) as given:
        found = [leftover for home in homes_with_results(given.dataset) for leftover in leftovers(home)]
    for folder, size in found:
        print(f"{size / 1e6:9.1f} MB  {folder}")
        if given.yes:
            shutil.rmtree(folder)
    if not found:
        print("nothing to delete")
        return 0
    total = sum(size for _, size in found) / 1e6
    folders = f"{len(found)} folder{'s' if len(found) != 1 else ''}"
    print(f"{total:9.1f} MB {'deleted' if given.yes else f'in {folders}; --yes deletes them'}")
    return 0
