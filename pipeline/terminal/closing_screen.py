"""Prints the screen that ends a `luigi` command: the edits, what was built, the accuracy, and where everything is."""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from luigi.cmdline_parser import CmdlineParser

from datasets.duplicates.near_facts import read_facts
from datasets.errors import UserError
from datasets.fold_skill import read_skill
from datasets.folders import ASIDE, IMAGES, hold_files
from datasets.section_options import named_paths
from datasets.tables import RejectedRow, read_edits, read_rejected
from pipeline.engine import invocation, settings
from pipeline.engine.graph import display_name, stages_below, variant
from pipeline.engine.invocation import Entry
from pipeline.engine.results import LATEST, disk_trouble_explained
from pipeline.engine.stage import Stage
from pipeline.stages import pictures
from pipeline.stages.audit import AuditLabels
from pipeline.stages.data import FindDuplicates, IndexImages
from pipeline.stages.report import FullReport
from pipeline.stages.training import TrainModel
from pipeline.terminal.accuracy_summary import accuracies_in_words
from reports.facts.fold_skill import skill_sentence
from reports.facts.near_duplicates import many_alike_sentence
from reports.words import edits_sentence

_LOADED = time.perf_counter()


def print_closing_screen(owner: int) -> None:
    """Prints the screen if the user started this process and the task it was to run could be loaded."""
    given, _ = CmdlineParser._build_parser().parse_known_args(sys.argv[1:])
    if os.getpid() != owner or given.core_module not in (None, *sys.modules):
        return
    with CmdlineParser.global_instance(sys.argv[1:], allow_override=True) as parser:
        root = parser.get_task_obj()
        if isinstance(root, Stage):
            try:
                with disk_trouble_explained(root.home):
                    print("\n".join(closing_screen(root)), flush=True)
            except UserError as error:
                print(f"error: {error}", file=sys.stderr)


def closing_screen(root: Stage) -> list[str]:
    """Returns the screen's lines."""
    stages = stages_below(root)
    index_is_new = any(isinstance(stage, IndexImages) and stage.complete() for stage in stages)
    as_of = "" if index_is_new else " (as of the last index)"
    rows = [
        ("edits", _told(lambda: _edits(root.home / LATEST / "index" / "edits.csv", as_of))),
        ("rejected", _told(lambda: _rejected(root, as_of))),
        ("stages", _stages(stages)),
        ("alike", _told(lambda: _many_alike(stages))),
        ("audit", _told(lambda: _audit(stages))),
        *(("accuracy", line) for line in accuracies_in_words(stages)),
        ("seconds", f"{_seconds_since_start():.1f}"),
        ("pictures", _path_with_note(root.home / IMAGES, "open and edit them, then run the same command again")),
        ("aside", _aside(root.home / ASIDE)),
        (
            "models",
            _path_with_note(root.home / LATEST / "runs", f"each in RECIPE/train/model.keras{_models_as_of(stages)}"),
        ),
        ("report", _path_with_note(root.home / LATEST / "report" / "report.html", _report_as_of(root))),
        ("log", _path_with_note(settings.workspace() / "luigi.log") if any(map(_failed, invocation.ledger())) else ""),
        ("changed", _changed_meanwhile(root.home)),
    ]
    title = f"{root.task_family} of {root.dataset}"
    return ["", title, *(f"  {name:<9} {text}" for name, text in rows if text)]


def _told(say: Callable[[], str]) -> str:
    """Returns what a row says, or what is wrong with the file that it is read from."""
    try:
        return say()
    except UserError as error:
        return str(error)


def _edits(edits_csv: Path, as_of: str) -> str:
    if not edits_csv.exists():
        return ""
    return (edits_sentence(row._asdict() for row in read_edits(edits_csv)) or "none since the export") + as_of


def _aside(folder: Path) -> str:
    return f"{folder}  pictures of classes that the settings leave out" if hold_files(folder) else ""


def _rejected(root: Stage, as_of: str) -> str:
    rejected_csv = root.home / LATEST / "index" / "rejected.csv"
    rows = read_rejected(rejected_csv) if rejected_csv.exists() else []
    lines = [f"{_place(row, root)}: {row.reason}{as_of}" for row in rows[:3]]
    if len(rows) > len(lines):
        lines.append(f"and {len(rows) - len(lines)} more in {rejected_csv}")
    return "\n            ".join(lines)


def _many_alike(stages: list[Stage]) -> str:
    """Returns what is to be said where so many pictures are alike that near-duplicates may not count."""
    for stage in stages:
        if isinstance(stage, FindDuplicates) and stage.complete() and (result := stage.result()):
            facts = read_facts(result.folder)
            return many_alike_sentence(facts, stage.dataset) if facts.are_many_alike else ""
    return ""


def _audit(stages: list[Stage]) -> str:
    for stage in stages:
        if isinstance(stage, AuditLabels) and stage.complete() and (result := stage.result()):
            skill = read_skill(result.folder)
            return skill_sentence(skill) if skill else ""
    return ""


def _place(row: RejectedRow, root: Stage) -> str:
    """Returns where a file really lies."""
    if row.folder == "images":
        return f"{root.home / IMAGES}/{row.path}"
    folders = named_paths(settings.dataset(root.dataset).pictures)
    return str(folders[0] / row.path) if len(folders) == 1 else f"{row.path} in the source"


def _stages(stages: list[Stage]) -> str:
    entries = {entry.task: entry for entry in invocation.ledger()}
    failed = [stage for stage in stages if (entry := entries.get(stage.task_id)) and _failed(entry)]
    built = [stage for stage in stages if (entry := entries.get(stage.task_id)) and entry.built and stage not in failed]
    others = [stage for stage in stages if stage not in built and stage not in failed]
    found = [stage for stage in others if (result := stage.result()) and result.exists()]
    parts = [f"{len(built)} built ({_names(built)})"] if built else []
    parts += ["nothing to build"] if len(found) == len(stages) else []
    parts += [f"{len(found)} found again"] if found else []
    parts += [_why_stopped(stage, entries[stage.task_id]) for stage in failed]
    parts += [f"{len(others) - len(found)} still to build"] if len(others) > len(found) else []
    return ", ".join(parts)


def _failed(entry: Entry) -> bool:
    return bool(entry.error) or not entry.ended


def _why_stopped(stage: Stage, entry: Entry) -> str:
    if entry.ended:
        return f"stopped at {display_name(stage)} (the error is above)"
    if isinstance(getattr(sys, "last_value", None), KeyboardInterrupt):
        return f"stopped at {display_name(stage)}"
    return f"{display_name(stage)} was killed by the system (out of memory?)"


def _names(stages: list[Stage]) -> str:
    """Returns each task once, with its recipes or folds: `PackImages, TrainModel plain x3+dropout x3`."""
    counts = Counter((stage.task_family, variant(stage)) for stage in stages)
    variants: dict[str, list[str]] = {}
    for (task, name), count in counts.items():
        variants.setdefault(task, []).append(f"{name} x{count}" if count > 1 else name)
    return ", ".join(f"{task} {'+'.join(names)}".rstrip() for task, names in variants.items())


def _seconds_since_start() -> float:
    """Returns the seconds since the process began, or since this module was loaded where the system does not say."""
    try:
        ticks_at_start = int(Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19])
        return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks_at_start / os.sysconf("SC_CLK_TCK")
    except OSError:
        return time.perf_counter() - _LOADED


def _path_with_note(path: Path, note: str = "") -> str:
    return f"{path}  {note}".rstrip() if path.exists() else ""


def _report_as_of(root: Stage) -> str:
    """Returns a note unless the command was for the report and made or found it."""
    return "" if isinstance(root, FullReport) and root.complete() else "of an earlier command, not of this one"


def _models_as_of(stages: list[Stage]) -> str:
    """Returns a note if a model that the command was to train is not there."""
    are_there = all(stage.complete() for stage in stages if isinstance(stage, TrainModel))
    return "" if are_there else ", some of an earlier command"


def _changed_meanwhile(home: Path) -> str:
    if not any(entry.built and entry.result_path not in ("export", "index") for entry in invocation.ledger()):
        return ""  # nothing ran after the pictures were read
    if pictures.are_as_seen(home):
        return ""
    paths = pictures.changed_since(home)
    if not paths:
        return "the pictures changed while this ran; run again"
    noun = "picture" if len(paths) == 1 else "pictures"
    return f"{len(paths)} {noun} changed while this ran ({', '.join(paths[:3])}); run again"
