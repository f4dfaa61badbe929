"""`tidy`: each picture in the folder of its class, under a name that says the same."""

from collections.abc import Sequence

from datasets.curation.tidying import plan_tidy
from pipeline.arguments import curation
from pipeline.curation import conclude, exported_homes, held_still


def run(arguments: Sequence[str]) -> int:
    """Say what disagrees; put it right with --yes."""
    with curation("tidy", arguments) as told:
        for home in exported_homes(told.dataset):
            with held_still(home, "tidy", told.yes) as folders:
                said = conclude(folders, "tidy", plan_tidy(folders), told.yes)
            print("\n".join(said))
    return 0
