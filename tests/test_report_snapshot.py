"""The facts that a report keeps for the next one: they stay small, and their comparison is right."""

from typing import Any

import numpy as np

from models.evaluation.comparison import difference_interval, difference_of_answers
from reports.since_last_report.changes import compare_snapshots, picture_changes
from reports.since_last_report.sentences import BEYOND, OF_ONE_SEED, WITHIN, SinceLastReport
from reports.since_last_report.snapshot import ID_BYTES, _name_best, _to_text, read_answers


def facts(right: dict[str, list[bool]], *further_seeds: list[bool], **more: Any) -> dict[str, Any]:
    """Returns the facts of a report whose test pictures are named by their place."""
    count = len(next(iter(right.values())))
    names = more.pop("names", range(count))
    runs = {
        name: {
            "parameters": {"epochs": 3},
            "accuracies": [sum(of_seed) / count for of_seed in (answers, *further_seeds)],
            "right": [_to_text(np.packbits(of_seed).tobytes()) for of_seed in (answers, *further_seeds)],
        }
        for name, answers in right.items()
    }
    tested = _to_text(b"".join(place.to_bytes(ID_BYTES, "big") for place in names))
    kept = {"export": "e", "edits": [], "pictures": {"test": count}, "split": {}, "tested": tested, "runs": runs}
    return kept | {"best": _name_best(runs)} | more


def since(was: dict[str, Any], now: dict[str, Any]) -> SinceLastReport:
    return SinceLastReport({"compared": "with", **compare_snapshots(was, now, difference_of_answers)})


def test_flips_and_their_interval_are_of_the_same_test_pictures() -> None:
    was, now = facts({"plain": [True] * 60 + [False] * 40}), facts({"plain": [True] * 50 + [False] * 15 + [True] * 35})
    run = since(was, now).fixed["runs"]["plain"]
    assert (run["gained"], run["lost"], run["shared"]) == (35, 10, 100)
    assert run["interval"] == difference_interval(35, 10, 100)
    told = since(was, now).runs[0]
    assert (told.difference, told.verdict) == ("+25.0", OF_ONE_SEED)
    assert since(was, facts({"plain": [False] + [True] * 60 + [False] * 39})).runs[0].verdict == WITHIN


def test_other_test_pictures_are_left_out_and_counted() -> None:
    was, now = facts({"plain": [True] * 10}), facts({"plain": [False] * 10}, names=range(4, 14))
    assert since(was, now).shared == (6, 10, 10)
    assert since(was, now).test_pictures_differ
    assert since(was, facts({"plain": [True]}, names=[99])).runs[0].verdict == "no test picture in common"


def seeds(*right_counts: int) -> list[list[bool]]:
    """Returns the answers of seeds to a hundred pictures, each right on other ones."""
    return [np.roll([True] * right + [False] * (100 - right), 7 * n).tolist() for n, right in enumerate(right_counts)]


def report_of(*right_counts: int) -> dict[str, Any]:
    first, *further = seeds(*right_counts)
    return facts({"plain": first}, *further)


def test_two_seeds_above_two_others_could_be_chance_and_five_much_better_ones_are_not() -> None:
    few = since(report_of(50, 56), report_of(58, 64)).runs[0]
    assert (few.was, few.difference, few.verdict) == ("53.0%", "+8.0", WITHIN)
    assert since(report_of(50, 52, 51, 49, 53), report_of(72, 74, 73, 71, 75)).runs[0].verdict == BEYOND


def test_reports_of_several_seeds_each_are_compared_whatever_their_number() -> None:
    told = since(report_of(50, 52, 51, 49), report_of(72, 74, 73))
    assert (told.seed_counts, told.runs[0].verdict) == ((4, 3), BEYOND)


def test_where_one_report_has_a_single_seed_the_first_of_each_are_compared() -> None:
    was, now = facts({"plain": [True] * 10}), facts({"plain": [True] * 10}, [False] * 10)
    told = since(was, now)
    assert (told.runs[0].difference, told.runs[0].verdict) == ("0.0", "the same answers")
    assert told.seed_counts == (1, 2)


def test_another_best_run_is_held_against_the_best_of_then() -> None:
    was, plain = facts({"plain": [True] * 5 + [False] * 35}), [True] * 5 + [False] * 35
    told = since(was, facts({"plain": plain, "augmented": [True] * 30 + [False] * 10})).best
    assert (told.name, told.difference, told.gained) == ("plain, now augmented", "+62.5", 25)
    assert since(was, facts({"plain": plain, "worse": [False] * 40})).best.name == "plain"


def test_answers_that_differ_for_no_reason_among_pictures_and_recipes_are_said_to() -> None:
    was, now = facts({"plain": [True, True]}), facts({"plain": [True, False]})
    assert since(was, now).is_from_elsewhere
    assert not since(was, was).is_from_elsewhere
    assert not since(was, now | {"split": {"seed": 1}}).is_from_elsewhere


def test_pictures_of_another_export_are_not_compared_one_by_one() -> None:
    edit = ["deleted", "train/cat/0_1.png", "", "cat", "", "aa"]
    was, now = facts({"plain": [True]}), facts({"plain": [True]}, edits=[edit])
    assert since(was, now).pictures == "1 deleted: cat"
    assert since(was, now | {"export": "other"}).fixed["exported_anew"]
    assert since(was, now | {"export": "other"}).pictures == ""


def test_ten_thousand_test_pictures_and_twenty_runs_take_little() -> None:
    random = np.random.default_rng(0)
    runs = {f"run {number}": random.random(10_000) < 0.7 for number in range(20)}
    kept = facts({name: list(map(bool, answers)) for name, answers in runs.items()})
    assert len(kept["tested"]) + sum(len(run["right"]) for run in kept["runs"].values()) < 120_000
    answers = read_answers(kept["tested"], kept["runs"]["run 7"]["right"])
    assert list(answers.values()) == list(runs["run 7"])


EXPORTED, ELSEWHERE = "train/cat/0_1.png", "train/dog/0_1.png"
MOVED = ["moved", EXPORTED, ELSEWHERE, "cat", "dog", "aa"]
DELETED = ["deleted", EXPORTED, "", "cat", "", "aa"]
ADDED = ["added", "", "train/dog/mine.png", "", "dog", "bb"]


def test_a_change_is_told_from_where_the_last_report_had_the_picture() -> None:
    def told(was: list[list[str]], now: list[list[str]]) -> list[tuple[str, ...]]:
        return [tuple(change) for change in picture_changes(was, now)]

    assert told([], [MOVED]) == [("moved", "cat", "dog", ELSEWHERE)]
    assert told([MOVED], []) == [("moved", "dog", "cat", EXPORTED)]
    assert told([MOVED], [MOVED]) == []
    assert told([MOVED], [DELETED]) == [("deleted", "dog", "", ELSEWHERE)]
    assert told([DELETED], []) == [("added", "", "cat", EXPORTED)]
    assert told([], [ADDED]) == [("added", "", "dog", "train/dog/mine.png")]
    assert told([ADDED], []) == [("deleted", "dog", "", "train/dog/mine.png")]
    assert told([ADDED], [[*ADDED[:2], "train/cat/mine.png", "", "cat", "bb"]]) == [
        ("moved", "dog", "cat", "train/cat/mine.png")
    ]
    repainted = ["repainted", EXPORTED, EXPORTED, "cat", "cat", "cc"]
    assert told([], [repainted]) == [("repainted", "cat", "cat", EXPORTED)]
    assert told([repainted], [[*repainted[:5], "dd"]]) == [("repainted", "cat", "cat", EXPORTED)]
