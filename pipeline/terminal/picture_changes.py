"""Carries out what tidy, undo, apply and restore plan to do to a data set's pictures, or says what it would be."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from datasets.curation.changes import CHANGES, MovePlan, carry_out, digest, settle
from datasets.curation.curated_folders import CuratedFolders
from datasets.curation.plan_in_words import plan_in_words
from datasets.errors import UserError
from datasets.export_journal import are_exported
from datasets.files.lock import locked
from datasets.folders import IMAGES
from datasets.originals import refuse_originals
from pipeline.engine import settings
from pipeline.engine.results import disk_trouble_explained
from pipeline.stages import pictures
from pipeline.stages.last_export import LastExport
from pipeline.stages.source_state import folders_of_originals
from pipeline.terminal.suggested_commands import report_command, undo_command


@contextmanager
def locked_pictures(home: Path, verb: str, may_change: bool) -> Iterator[CuratedFolders]:
    """Yields the folders as they are now, while no other verb and no export can change them."""
    with disk_trouble_explained(home), locked(home / CHANGES, verb), locked(home / "export", verb):
        if not are_exported(home):
            raise UserError(
                f"{home / IMAGES} holds no pictures, or an export into it was stopped. Nothing was "
                f"changed. {report_command(home.name)} exports them; {verb} after that"
            )
        if may_change:
            settle(home)
        last = LastExport(home)
        digest_of_export = digest(last.folder / "export.csv")
        yield CuratedFolders(home, pictures.current_files(home), last.rows, last.classes, digest_of_export)


def carry_out_or_show(
    folders: CuratedFolders, verb: str, plan: MovePlan, may_change: bool, undoes: int | None = None
) -> list[str]:
    """Carries out a plan if it may. Returns lines that say what was done, or what would be."""
    home = folders.home
    if may_change and (plan.moves or (undoes is not None and not plan.blocked)):
        changed = {(home / place).parent for move in plan.moves for place in (move.source, move.target)}
        refuse_originals(changed, folders_of_originals(settings.dataset(home.name)))
        missed = carry_out(home, verb, folders.classes, folders.export_digest, plan.moves, undoes)
        plan = plan._replace(left_alone=plan.left_alone + missed)
    first, *rest = plan_in_words(verb, plan, may_change)
    lines = [f"{home.name}: {first}", *rest]
    if plan.moves and not may_change:
        lines.append("Nothing was changed. Add --yes to do it")
    elif plan.moves:
        if verb != "undo":
            lines.append(f"{undo_command(home.name)} takes it back")
        lines.append(f"{report_command(home.name)} builds what this changes")
    return lines
