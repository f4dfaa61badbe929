"""The quick part of the attacks: kills, refused calls, spoilt files, a crowd. `python -m attacks` makes all of them."""

import re

import pytest
from attacks import crowd, spoilt
from attacks.deeds import DEEDS
from attacks.points import Attack, attack_every
from conftest import Project

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_that_is_killed_or_refused_anywhere_loses_nothing_and_ends_well_when_done_again(
    project: Project, deed: str
) -> None:
    attacks = list(attack_every(deed, project, step=223))
    assert len(attacks) >= 6
    assert not [fault for fault in attacks if fault]


def test_a_call_that_is_refused_while_a_build_is_planned_or_as_it_ends_is_told(project: Project) -> None:
    attack = Attack("export over edits", project)
    planning = [at for at, call in enumerate(attack.calls, 1) if call.endswith(("export/journal", "tiny/images"))]
    assert len(planning) > 5
    ending = range(len(attack.calls) - 4, len(attack.calls) + 1, 4)
    assert not [fault for at in (*planning, *ending) if (fault := attack.attack(at, "EMFILE"))]


def test_no_result_is_published_whose_files_could_not_be_listed(project: Project) -> None:
    attack = Attack("SplitImages", project)
    listings = [at for at, call in enumerate(attack.calls, 1) if re.match(r"os\.scandir .*\.partial", call)]
    assert len(listings) > 2
    assert not [fault for at in listings if (fault := attack.attack(at, "EACCES"))]


def test_no_result_is_pruned_because_a_link_to_it_could_not_be_read(project: Project) -> None:
    attack = Attack("prune", project)
    links = [at for at, call in enumerate(attack.calls, 1) if re.match(r"os\.lstat .*/latest/\w+$", call)]
    assert len(links) > 4
    assert not [fault for at in links[:6] if (fault := attack.attack(at, "EIO"))]


def test_spoilt_files_are_told_and_made_again_and_cost_no_picture(project: Project) -> None:
    kept = spoilt.prepare(project)
    some = spoilt.every_damage(kept)[::97]
    wrong = [
        f"{one.file}, {one.damage}: {fault}" for one in some for fault in spoilt.attack(project, kept, one) if fault
    ]
    assert not wrong


def test_a_crowd_with_a_person_among_them_ends_well(project: Project) -> None:
    assert not [wrong for wrong in crowd.attack(project, rounds=2) if wrong]
