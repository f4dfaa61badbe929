"""What the curating verbs share: the data set they are about, held still while they work, and what they say."""

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
from pipeline.engine import settings
from pipeline.engine.results import disk_trouble_explained
from pipeline.stages import pictures
from pipeline.stages.last_export import LastExport
from pipeline.terminal.housekeeping import dataset_homes


def exported_homes(dataset: str | None) -> list[Path]:
    """The folders of the data sets that were exported, or of the one that is named."""
    homes = [home for home in dataset_homes(settings.workspace()) if LastExport(home).rows]
    if dataset is None:
        if not homes:
            raise UserError(f"no data set was exported to {settings.workspace()} yet; {_build_command('NAME')} does")
        return homes
    settings.dataset(dataset)
    if dataset not in [home.name for home in homes]:
        raise UserError(f"{dataset} was never exported; {_build_command(dataset)} does")
    return [home for home in homes if home.name == dataset]


def exported_home(verb: str, dataset: str | None) -> Path:
    """The folder of the one data set that a verb is about."""
    homes = exported_homes(dataset)
    if len(homes) > 1:
        names = ", ".join(home.name for home in homes)
        raise UserError(f"{verb}: say which data set with --dataset NAME; exported are {names}")
    return homes[0]


@contextmanager
def held_still(home: Path, verb: str, acting: bool) -> Iterator[CuratedFolders]:
    """The folders as they are now; no other verb changes them meanwhile, nor does an export."""
    with disk_trouble_explained(home), locked(home / CHANGES, verb), locked(home / "export", verb):
        if not are_exported(home):
            raise UserError(
                f"{home / IMAGES} holds no pictures, or an export into it was stopped. "
                f"{_build_command(home.name)} exports them; {verb} after that. Nothing was changed"
            )
        if acting:
            settle(home)
        last = LastExport(home)
        digest_of_export = digest(last.folder / "export.csv")
        yield CuratedFolders(home, pictures.lying_now(home), last.rows, last.classes, digest_of_export)


def conclude(folders: CuratedFolders, verb: str, plan: MovePlan, acting: bool, undoes: int | None = None) -> list[str]:
    """Carry a plan out, or only say what it would do; the lines to print."""
    home = folders.home
    if acting and (plan.moves or (undoes is not None and not plan.blocked)):
        missed = carry_out(home, verb, folders.classes, folders.export_digest, plan.moves, undoes)
        plan = plan._replace(left_alone=plan.left_alone + missed)
    first, *rest = plan_in_words(verb, plan, acting)
    lines = [f"{home.name}: {first}", *rest]
    if plan.moves and not acting:
        lines.append("nothing was changed; --yes does it")
    elif plan.moves:
        undo = "" if verb == "undo" else f"`python -m pipeline undo --dataset {home.name}` takes it back; "
        lines.append(f"{undo}{_build_command(home.name)} builds with it")
    return lines


def _build_command(dataset: str) -> str:
    return f"`luigi --module pipeline FullReport --local-scheduler --dataset {dataset}`"
