"""`python -m pipeline VERB`: looks at results and looks after them; `luigi` is what builds them."""

import importlib
import sys
from collections.abc import Sequence

import pipeline  # noqa: F401 - registers the tasks
from datasets.errors import UserError, unknown
from pipeline.engine import invocation

VERBS = ("status", "tidy", "undo", "restore", "apply", "accept", "verify", "prune", "recipes", "predict", "compare")

_USAGE = """\
usage: python -m pipeline VERB [TASK] [the task's parameters]

  status   what would run, why, and the seconds it took last time; runs nothing
  tidy     move each picture to the folder of its class, under a name that says the same
  undo     take back the last tidy, restore or apply, and then the one before
  restore  bring one exported picture back: restore train/cat/0_00012.png
  apply    do to the pictures here what an edits.csv or suspects.csv says: apply edits.csv [--first 50]
  accept   declare a change of code harmless: results of the old code stand for the new
  verify   check every result against its digests, and name what is damaged
  prune    list old results with their sizes; --yes deletes them, never the pictures
  recipes  list every recipe, its parameters and what it is for; recipes three-a prints one's options and layers
  predict  say of a picture, or of all in a folder, what a trained recipe takes it for: predict photos/ --recipe plain
  compare  say whether one recipe beats another, and which pictures they differ on: compare plain augmented

status and accept take a task, FullReport where none is named, and its parameters as luigi does:
  python -m pipeline status FullReport --dataset cifar10 --recipes plain
The others take --dataset NAME; without it tidy, verify and prune cover the whole workspace. What tidy, undo and
apply would do is only printed until it is said with --yes.
"""


def main(arguments: Sequence[str]) -> int:
    """Run a verb; its exit code."""
    if not arguments or arguments[0] == "help" or {"-h", "--help"} & set(arguments):
        print(_USAGE, end="")
        return 0
    verb, *rest = arguments
    if verb not in VERBS:
        raise UserError(unknown("verb", verb, VERBS))
    exit_code: int = importlib.import_module(f"pipeline.verbs.{verb}").run(rest)
    return exit_code


if __name__ == "__main__":
    invocation.begin()
    sys.exit(main(sys.argv[1:]))
