"""Takes back the last tidy, restore or apply; a second undo takes back the one before."""

from collections.abc import Sequence

from datasets.curation.changes import change_journal
from datasets.curation.curated_folders import CuratedFolders
from datasets.curation.undoing import plan_undo
from pipeline.terminal.exported_pictures import exported_home
from pipeline.terminal.picture_changes import carry_out_or_show, locked_pictures
from pipeline.terminal.verb_arguments import ARCHIVES, ONE_DATASET, WORKSPACE, YES, Verb, arguments_of

VERB = Verb(
    "undo",
    "take back the last tidy, restore or apply, then the one before it, and so on",
    example="undo --dataset sample --yes",
    options=(ONE_DATASET, YES, WORKSPACE, ARCHIVES),
)


def run(arguments: Sequence[str]) -> int:
    """Prints what would be taken back; takes it back with --yes."""
    with arguments_of(VERB, arguments) as given:
        home = exported_home("undo", given.dataset)
        with locked_pictures(home, "undo", given.yes) as folders:
            lines = _undo(folders, given.yes)
        print("\n".join(lines))
    return 0


def _undo(folders: CuratedFolders, may_change: bool) -> list[str]:
    actions = change_journal(folders.home).to_undo()
    if not actions:
        return [f"{folders.home.name}: nothing to undo"]
    last, *earlier = actions
    lines = [f"{last.verb} of {last.began}{'' if last.ended else ', which was stopped before its end'}"]
    plan = plan_undo(folders, last)
    lines += carry_out_or_show(folders, "undo", plan, may_change, undoes=last.number)
    if plan.blocked and not plan.moves:
        return [
            *lines,
            f"{last.verb} is still the next to undo: make room for the pictures left alone, then undo again",
        ]
    return lines + [f"the next undo takes back {action.verb} of {action.began}" for action in earlier[:1]]
