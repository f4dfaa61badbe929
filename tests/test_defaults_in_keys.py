"""Tests that no default changes unnoticed by the keys, which leave out what stands at its default."""

from dataclasses import dataclass, fields
from typing import Any

import pytest

import pipeline
from datasets.catalog import Dataset
from datasets.section_options import SectionOption, changed_options, option
from datasets.sources.cifar.cifar_source import Cifar10Source, Cifar100Source
from datasets.sources.folder.folder_source import FolderSource
from datasets.sources.sample.sample_source import SampleSource

# The default of each option of [dataset:NAME], and its number; test_recipe_options.py has those of recipes.
OPTIONS: dict[type, dict[str, tuple[int, Any]]] = {
    Dataset: {
        "source": (1, ""),
        "classes": (1, ()),
        "val_fraction": (1, 0.1),
        "test_fraction": (1, 0.1),
        "duplicates": (1, "auto"),
    },
    SampleSource: {"labels": (1, "fine")},
    Cifar10Source: {"labels": (1, "fine")},
    Cifar100Source: {"labels": (1, "fine")},
    FolderSource: {"path": (1, ""), "size": (1, 0), "fit": (1, "crop")},
}
PARAMETERS = {
    ("SplitImages", "seed"): 0,
    ("SplitFolds", "folds"): 3,
    ("CompareRuns", "seeds"): 1,
    ("FullReport", "seeds"): 1,
    ("FullReport", "mistakes"): 10,
}


@pytest.mark.parametrize("kind", OPTIONS, ids=lambda kind: kind.__name__)
def test_a_default_of_a_data_set_changes_with_its_number(kind: type) -> None:
    """A new option asks for a line in OPTIONS, a changed default for default_number where it is declared."""
    assert numbered_defaults(kind) == OPTIONS[kind]


def numbered_defaults(kind: Any) -> dict[str, tuple[int, Any]]:
    """Returns the number and the default of each option."""
    options = {entry.name: (entry, about) for entry in fields(kind) for about in entry.metadata.values()}
    return {
        name: (about.default_number, entry.default)
        for name, (entry, about) in options.items()
        if isinstance(about, SectionOption)
    }


@pytest.mark.parametrize(("task", "name"), PARAMETERS)
def test_the_default_of_a_parameter_in_a_key_stays(task: str, name: str) -> None:
    """A default that has to change must be put into `key_parameters` by hand, for no number goes with it."""
    assert dict(getattr(pipeline, task).get_params())[name]._default == PARAMETERS[task, name]


@dataclass(frozen=True)
class Before:
    """The options as they were."""

    fit: str = option("crop", words="how pictures are fitted")


@dataclass(frozen=True)
class After:
    """The same options with another default, which has a number, and an option more."""

    fit: str = option("pad", words="how pictures are fitted", default_number=2)
    grey: int = option(0, words="whether pictures are grey")


def test_a_new_default_is_another_key_and_a_new_option_is_none() -> None:
    assert changed_options(Before()) == {}
    assert changed_options(After()) == {"defaults": {"fit": 2}}
    assert changed_options(After(fit="crop")) == {"fit": "crop"}
