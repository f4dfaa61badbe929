"""Tests numbers and edits in words."""

import pytest

from reports.words import duration, edits_sentence


def edit(kind: str, was: str, now: str) -> dict[str, str]:
    return {"edit": kind, "was": was, "now": now}


def test_the_edits_sentence_counts_what_was_done() -> None:
    moves = [edit("moved", "cat", "dog"), edit("moved", "ship", "frog"), edit("moved", "cat", "dog")]
    sentence = edits_sentence([edit("deleted", "frog", ""), *moves, edit("added", "", "deer")])
    assert sentence == "3 moved: 2 cat to dog, 1 ship to frog; 1 deleted: frog; 1 added: deer"


def test_an_edits_sentence_of_many_kinds_of_moves_stays_short() -> None:
    sentence = edits_sentence([edit("moved", f"class {number}", "dog") for number in range(8)])
    assert sentence.startswith("8 moved: 1 class 0 to dog, ")
    assert sentence.endswith("1 class 4 to dog, 3 more")


def test_a_picture_moved_to_another_subset_stays_within_its_class() -> None:
    assert edits_sentence([edit("moved", "cat", "cat"), edit("repainted", "dog", "dog")]) == (
        "1 moved: within cat; 1 repainted: dog"
    )


def test_no_edits_need_no_sentence() -> None:
    assert edits_sentence([]) == ""


@pytest.mark.parametrize(
    ("seconds", "words"), [(9.84, "9.8 s"), (59.97, "1 min 0 s"), (61.2, "1 min 1 s"), (3_725.0, "1 h 2 min")]
)
def test_seconds_become_the_words_a_person_would_use(seconds: float, words: str) -> None:
    assert duration(seconds) == words
