"""Tests the declarations of a recipe's options, and the keys and the table that follow from them."""

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import pytest
from conftest import Project, configured

import pipeline
from models.recipes.backbone_trainings import fine_tuning_recipe, head_recipe
from models.recipes.declaration import Part, Value, Words, declared_options, option
from models.recipes.keys import backbone_key_options, batch_key_options, key_options, shown_options
from models.recipes.lookup import offered_names, resolve
from models.recipes.option_reading import read_option
from models.recipes.options_table import COMMAND, with_table
from models.recipes.recipe import Recipe
from pipeline.terminal.status import latest_trace, reasons

SETTINGS_MD = Path(__file__).parent.parent / "docs/settings.md"
DECLARED = declared_options(Recipe)
TYPES = {field.name: field.type for field in fields(Recipe)}
PLAIN = Recipe("plain")

# The default of each option, and its number. Results are found by these, see test_a_default_changes_with_its_number.
DEFAULTS: dict[str, tuple[int, Value]] = {
    "network": (1, "five_convolutions"),
    "widths": (1, ()),
    "depth": (1, 0),
    "convolution_dropout": (1, ()),
    "dense_dropout": (1, 0.0),
    "dropblock": (1, 0.0),
    "dropblock_size": (1, 3),
    "weight_penalty": (1, 0.0),
    "normalisation": (1, "unit"),
    "output": (1, "softmax"),
    "precision": (1, "float32"),
    "start_from": (1, ""),
    "frozen_layers": (1, ()),
    "backbone": (1, ""),
    "backbone_weights": (1, "imagenet"),
    "backbone_file": (1, ""),
    "backbone_input": (1, ""),
    "backbone_side": (1, 0),
    "pooling": (1, "average"),
    "unfreeze": (1, 0),
    "unfreeze_epochs": (1, 5),
    "unfreeze_rate": (1, 0.01),
    "rotation_degrees": (1, 0.0),
    "horizontal_shift_fraction": (1, 0.0),
    "vertical_shift_fraction": (1, 0.0),
    "zoom_fraction": (1, 0.0),
    "mirrored_fraction": (1, 0.0),
    "randaugment": (1, 0.0),
    "randaugment_operations": (1, 2),
    "colorjitter": (1, 0.0),
    "cutout": (1, 0.0),
    "mixup": (1, 0.0),
    "cutmix": (1, 0.0),
    "scales": (1, (1.0,)),
    "label_smoothing": (1, 0.0),
    "class_weights": (1, "none"),
    "optimiser": (1, "adam"),
    "momentum": (1, 0.9),
    "weight_decay": (1, 0.0),
    "learning_rate": (1, 1e-3),
    "schedule": (1, "steady"),
    "warmup_epochs": (1, 0),
    "stair_epochs": (1, 20),
    "stair_factor": (1, 0.5),
    "batch_size": (1, 64),
    "epochs": (1, 30),
    "seed": (1, 0),
    "plateau_factor": (1, 0.5),
    "plateau_patience": (1, 0),
    "stop_patience": (1, 0),
    "checkpoint": (1, "none"),
    "ema": (1, 0.0),
    "swa": (1, 0.0),
    "tta": (1, "none"),
    "predict": (1, "classes"),
}


@dataclass(frozen=True)
class WithSharpness(Recipe):
    """The recipe of a later version, with one option more."""

    sharpness: float = option(0.0, "strength of sharpening", part=Part.PICTURES, range=(0, 1), decides_batch=True)


@dataclass(frozen=True)
class WithLongerDefaults(Recipe):
    """The recipe of a later version, with other defaults for two options."""

    epochs: int = option(40, "epochs", part=Part.LEARNING, range=(1, 100), default_number=2)
    momentum: float = option(
        0.95, "momentum", part=Part.LEARNING, range=(0, 1), needs="optimiser = sgd", default_number=2
    )


def as_later(recipe: Recipe, later: type[Recipe], **options: Value) -> Recipe:
    """Returns a recipe as a later version has it."""
    return later(**asdict(recipe) | options)


@pytest.mark.parametrize("name", [name for name in TYPES if name != "name"])
def test_a_default_changes_with_its_number(name: str) -> None:
    default, number = getattr(PLAIN, name), DECLARED[name].default_number
    assert name in DEFAULTS, f"{name} is new: add the line `{name!r}: (1, {default!r}),` to DEFAULTS above"
    old_number, old_default = DEFAULTS[name]
    assert (number, default) == (old_number, old_default), (
        f"the default of {name} was {old_default!r} (number {old_number}) and is {default!r} (number {number}). A new "
        f"default needs default_number={old_number + 1} where {name} is declared, so that no result trained by the old "
        f"one is taken for a new one; then put both into DEFAULTS above"
    )


def test_no_default_is_held_for_an_option_that_is_gone() -> None:
    assert set(DEFAULTS) <= set(DECLARED)


def test_every_option_has_a_range_or_choices_that_hold_its_default_or_is_a_text() -> None:
    for name, declared in DECLARED.items():
        default = getattr(PLAIN, name)
        if declared.choices is not None:
            assert default in declared.allowed_words(), name
        elif TYPES[name] not in (str, Words):
            low, high = declared.range or (1, 0)
            assert all(low <= number <= high for number in (default if isinstance(default, tuple) else [default])), name


def test_every_condition_names_an_option_and_a_value_that_it_can_have() -> None:
    for name, declared in DECLARED.items():
        for condition in filter(None, [declared.needs, *declared.excludes]):
            other, _, value = condition.partition(" = ")
            assert other in DECLARED, f"{name}: {condition}"
            if value:
                read_option(name, other, value)


def test_the_table_in_the_docs_is_what_the_options_declare() -> None:
    page = SETTINGS_MD.read_text(encoding="utf-8")
    assert page == with_table(page), f"the table of options is out of date: rewrite it with `{COMMAND}`"


def test_only_options_that_differ_from_their_defaults_are_in_a_key() -> None:
    assert key_options(PLAIN) == {}
    recipe = replace(PLAIN, scales=(0.5, 1.0), network="whitened", tta="mirror")
    assert key_options(recipe) == {"network": "whitened", "scales": [0.5, 1.0]}
    assert json.loads(json.dumps(key_options(recipe))) == key_options(recipe)


def test_every_option_that_decides_the_weights_is_shown_with_its_value() -> None:
    shown = shown_options(replace(PLAIN, scales=(0.5, 1.0)))
    assert shown["scales"] == [0.5, 1.0]
    assert shown["epochs"] == PLAIN.epochs
    assert "tta" not in shown
    assert json.loads(json.dumps(shown)) == shown


@pytest.mark.parametrize("name", offered_names())
def test_an_option_that_is_new_changes_no_key(name: str) -> None:
    recipe = resolve(name, {}, {})
    later = as_later(recipe, WithSharpness)
    assert key_options(later) == key_options(recipe)
    assert batch_key_options(later) == batch_key_options(recipe)
    assert key_options(head_recipe(later)) == key_options(head_recipe(recipe))
    assert key_options(fine_tuning_recipe(later)) == key_options(fine_tuning_recipe(recipe))


def test_an_option_that_is_new_and_set_is_in_the_keys() -> None:
    later = as_later(PLAIN, WithSharpness, sharpness=0.5)
    assert key_options(later) == batch_key_options(later) == {"sharpness": 0.5}
    assert key_options(head_recipe(later)) == {}


def test_a_changed_default_changes_the_keys_of_those_recipes_alone_that_it_trains_otherwise() -> None:
    assert key_options(WithLongerDefaults("plain")) == {"defaults": {"epochs": 2}}
    assert key_options(WithLongerDefaults("mine", epochs=7)) == {"epochs": 7}
    by_sgd = WithLongerDefaults("mine", epochs=7, optimiser="sgd")
    assert key_options(by_sgd) == {"epochs": 7, "optimiser": "sgd", "defaults": {"momentum": 2}}
    assert key_options(replace(by_sgd, momentum=0.9)) == {"epochs": 7, "optimiser": "sgd", "momentum": 0.9}


def test_a_head_is_not_told_from_another_by_what_it_does_not_learn_from() -> None:
    frozen = resolve("frozen-vgg16", {}, {})
    others = {"backbone": "vgg19", "unfreeze": 4, "mirrored_fraction": 0.5, "predict": "coarse", "pooling": "average"}
    assert key_options(head_recipe(replace(frozen, **others))) == key_options(head_recipe(frozen))
    assert key_options(head_recipe(replace(frozen, dense_dropout=0.1))) != key_options(head_recipe(frozen))


def test_a_batch_is_told_from_another_by_what_changes_its_pictures_alone() -> None:
    same = replace(PLAIN, learning_rate=0.5, dense_dropout=0.5, optimiser="sgd")
    assert batch_key_options(same) == batch_key_options(PLAIN) == {}
    for name, value in {"seed": 3, "batch_size": 7, "normalisation": "double", "cutout": 0.5}.items():
        assert batch_key_options(replace(PLAIN, **{name: value})) == {name: value}


def test_features_are_told_from_others_by_what_changes_their_backbone_alone() -> None:
    frozen = resolve("frozen-vgg16", {}, {})
    assert backbone_key_options(frozen) == {"backbone": "vgg16", "pooling": "flatten"}
    same = replace(frozen, unfreeze=4, dense_dropout=0.1, network="linear_head", seed=5)
    assert backbone_key_options(same) == backbone_key_options(frozen)
    assert backbone_key_options(replace(frozen, backbone_side=64))["backbone_side"] == 64


@pytest.mark.slow
def test_status_names_the_default_that_an_option_had_or_has_again(project: Project) -> None:
    project.built(pipeline.ShowBatch, recipe="quick")
    project.settings["recipe:quick"] |= {"batch_size": "64", "seed": "5"}
    with configured(project.settings):
        stage = pipeline.ShowBatch(dataset="tiny", recipe="quick")
        assert reasons(stage, latest_trace(stage))[:2] == ["batch_size: 8 -> 64", "seed: 0 -> 5"]
