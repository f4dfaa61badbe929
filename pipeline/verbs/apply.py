"""`apply`: what an edits.csv or a suspects.csv says, done to the pictures here."""

from collections.abc import Sequence
from pathlib import Path

from datasets.curation.applying import plan_apply
from datasets.curation.edit_table import read_edit_table
from pipeline.terminal.arguments import curation
from pipeline.terminal.curation import conclude, exported_home, held_still


def run(arguments: Sequence[str]) -> int:
    """Say what would be done, and which rows cannot be; do it with --yes."""
    with curation("apply", arguments, operand="FILE", counts=True) as told:
        wanted = read_edit_table(Path(told.operand), told.first)
        home = exported_home("apply", told.dataset)
        with held_still(home, "apply", told.yes) as folders:
            said = conclude(folders, "apply", plan_apply(folders, wanted), told.yes)
        print("\n".join(said))
    return 0
