"""Lists old results and what killed builds left, with their sizes, and deletes them with --yes."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from pipeline.engine import settings
from pipeline.engine.in_use import results_in_use
from pipeline.engine.results import disk_trouble_explained, set_aside
from pipeline.terminal.housekeeping import Leftover, homes_with_results, leftovers
from pipeline.terminal.verb_arguments import EVERY_DATASET, WORKSPACE, Verb, VerbOption, arguments_of

VERB = Verb(
    "prune",
    "list old results with their sizes; --yes deletes them, never the pictures",
    example="prune --dataset sample --yes",
    options=(EVERY_DATASET, VerbOption("--yes", "", "delete what is listed"), WORKSPACE),
)
_WHY_IT_STAYS = "  stays: a running command uses it"


def run(arguments: Sequence[str]) -> int:
    """Prints what can be deleted; deletes it with --yes."""
    with arguments_of(VERB, arguments) as given, disk_trouble_explained(settings.workspace()):
        homes = homes_with_results(given.dataset)
        found = _prune(homes, delete=given.yes) if homes else []
    if not found:
        print("nothing to delete")
        return 0
    idle = [leftover.bytes for leftover in found if not leftover.is_used]
    folders = f"{len(idle)} folder{'s' if len(idle) != 1 else ''}"
    print(f"{sum(idle) / 1e6:9.1f} MB {'deleted' if given.yes else f'in {folders}; --yes deletes them'}")
    return 0


def _prune(homes: Sequence[Path], delete: bool) -> list[Leftover]:
    """Prints what can be deleted, and deletes it if asked to; returns it."""
    with results_in_use(settings.workspace()) as used:
        found = [leftover for home in homes for leftover in leftovers(home, used)]
        doomed = [set_aside(leftover.folder) for leftover in found if delete and not leftover.is_used]
    for leftover in found:
        print(f"{leftover.bytes / 1e6:9.1f} MB  {leftover.folder}{_WHY_IT_STAYS if leftover.is_used else ''}")
    for folder in doomed:
        shutil.rmtree(folder)
    return found
