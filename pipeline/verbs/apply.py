"""Makes the edits that an edits.csv or a suspects.csv lists in the pictures here."""

from argparse import ArgumentTypeError
from collections.abc import Sequence
from pathlib import Path

from datasets.curation.applying import plan_apply
from datasets.curation.edit_table import read_edit_table
from pipeline.terminal.exported_pictures import dataset_around, exported_home
from pipeline.terminal.picture_changes import carry_out_or_show, locked_pictures
from pipeline.terminal.verb_arguments import (
    ARCHIVES,
    ONE_DATASET,
    WORKSPACE,
    YES,
    Operands,
    Verb,
    VerbOption,
    arguments_of,
)
from reports.words import counted


def _row_count(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is not a number of rows")
    return int(text)


VERB = Verb(
    "apply",
    "make the edits that an edits.csv or a suspects.csv lists",
    example="apply workspace/sample/latest/audit/suspects.csv --first 50 --yes",
    operands=Operands("FILE", "an edits.csv of another machine, or the suspects.csv of an audit"),
    options=(
        VerbOption("--first", "COUNT", "make the edits of the first COUNT rows only", _row_count),
        VerbOption("--test-pictures", "", "apply suspects among the test pictures, too, which makes another test set"),
        ONE_DATASET,
        YES,
        WORKSPACE,
        ARCHIVES,
    ),
)


def run(arguments: Sequence[str]) -> int:
    """Prints what would be done and which rows cannot be applied; does it with --yes."""
    with arguments_of(VERB, arguments) as given:
        table = Path(given.operands[0])
        wanted = read_edit_table(table, given.first)
        test_count = sum(want.is_test for want in wanted)
        if not given.test_pictures:
            wanted = [want for want in wanted if not want.is_test]
        home = exported_home("apply", given.dataset or dataset_around(table))
        with locked_pictures(home, "apply", given.yes) as folders:
            lines = carry_out_or_show(folders, "apply", plan_apply(folders, wanted), given.yes)
        print("\n".join(lines + _about_test_pictures(test_count, given.test_pictures)))
    return 0


def _about_test_pictures(count: int, are_applied: bool) -> list[str]:
    """Returns what is said about the suspects among the test pictures, if there are any."""
    if not count:
        return []
    of_them = counted(count, "test picture")
    if are_applied:
        return [
            f"{of_them} among these rows: a corrected test set is another measure, so compare no accuracy across it"
        ]
    return [f"{of_them} left out: a corrected test set is another measure; --test-pictures applies them, too"]
