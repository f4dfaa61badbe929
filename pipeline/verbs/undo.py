"""`undo`: the last tidy, restore or apply taken back, and then the one before."""

from collections.abc import Sequence

from datasets.curation.changes import change_journal
from datasets.curation.curated_folders import CuratedFolders
from datasets.curation.undoing import plan_undo
from pipeline.terminal.arguments import curation
from pipeline.terminal.curation import conclude, exported_home, held_still


def run(arguments: Sequence[str]) -> int:
    """Say what would be taken back; take it back with --yes."""
    with curation("undo", arguments) as told:
        home = exported_home("undo", told.dataset)
        with held_still(home, "undo", told.yes) as folders:
            said = _undo(folders, told.yes)
        print("\n".join(said))
    return 0


def _undo(folders: CuratedFolders, acting: bool) -> list[str]:
    actions = change_journal(folders.home).to_undo()
    if not actions:
        return [f"{folders.home.name}: nothing to undo"]
    last, *earlier = actions
    said = [f"{last.verb} of {last.began}{'' if last.ended else ', which was stopped on the way'}"]
    plan = plan_undo(folders, last)
    said += conclude(folders, "undo", plan, acting, undoes=last.number)
    if plan.blocked and not plan.moves:
        return [*said, f"so {last.verb} stays the one to undo; put right what is left alone, and undo again"]
    return said + [f"the undo after this one takes back {action.verb} of {action.began}" for action in earlier[:1]]
