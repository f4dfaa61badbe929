"""Moves each picture to the folder of its class, under a name that says the same."""

import sys
from collections.abc import Sequence
from pathlib import Path

from datasets.curation.tidying import plan_tidy
from datasets.errors import UserError
from pipeline.terminal.exported_pictures import exported_homes
from pipeline.terminal.picture_changes import carry_out_or_show, locked_pictures
from pipeline.terminal.verb_arguments import ARCHIVES, EVERY_DATASET, WORKSPACE, YES, Verb, arguments_of

VERB = Verb(
    "tidy",
    "move each picture to the folder of its class, under a name that says the same",
    example="tidy --dataset sample --yes",
    options=(EVERY_DATASET, YES, WORKSPACE, ARCHIVES),
)


def run(arguments: Sequence[str]) -> int:
    """Prints what would be moved; moves it with --yes. A data set that cannot be tidied does not stop the others."""
    exit_code = 0
    with arguments_of(VERB, arguments) as given:
        homes = exported_homes(given.dataset)
        for home in homes:
            try:
                print("\n".join(_tidy(home, given.yes)))
            except UserError as error:
                if len(homes) == 1:
                    raise
                print(f"error: {home.name}: {error}", file=sys.stderr)
                exit_code = 2
    return exit_code


def _tidy(home: Path, may_change: bool) -> list[str]:
    with locked_pictures(home, "tidy", may_change) as folders:
        return carry_out_or_show(folders, "tidy", plan_tidy(folders), may_change)
