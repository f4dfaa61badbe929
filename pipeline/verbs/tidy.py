"""`tidy`: each picture in the folder of its class, under a name that says the same."""

import sys
from collections.abc import Sequence
from pathlib import Path

from datasets.curation.tidying import plan_tidy
from datasets.errors import UserError
from pipeline.terminal.arguments import curation
from pipeline.terminal.curation import conclude, exported_homes, held_still


def run(arguments: Sequence[str]) -> int:
    """Say what disagrees; put it right with --yes. A data set that cannot be tidied does not stop the others."""
    exit_code = 0
    with curation("tidy", arguments) as told:
        homes = exported_homes(told.dataset)
        for home in homes:
            try:
                print("\n".join(_tidy(home, told.yes)))
            except UserError as error:
                if len(homes) == 1:
                    raise
                print(f"error: {home.name}: {error}", file=sys.stderr)
                exit_code = 2
    return exit_code


def _tidy(home: Path, acting: bool) -> list[str]:
    with held_still(home, "tidy", acting) as folders:
        return conclude(folders, "tidy", plan_tidy(folders), acting)
