"""Tests that what benchmarks declare is still understood; they take hours and are run by hand."""

from configparser import ConfigParser
from importlib import import_module
from pathlib import Path

import pytest

from models.recipes.lookup import resolve

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"


def test_every_trial_of_sprint_is_of_a_recipe_there_is_and_has_its_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    sprint = import_module("sprint")
    sections = ConfigParser()
    sections.read_string(sprint.RECIPES)
    declared = {name.removeprefix("recipe:"): dict(sections[name]) for name in sections.sections()}
    for trial in sprint.TRIALS.values():
        assert resolve(trial.recipe, declared, {}).name == trial.recipe
        assert not trial.reference or sprint.TRIALS[trial.reference].dataset == trial.dataset
