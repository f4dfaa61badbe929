import json
import subprocess
import sys
from dataclasses import asdict

import pytest
from conftest import Project, configured

from datasets.errors import UserError
from models.recipes.keys import key_options, shown_options
from models.recipes.lookup import recipe_names, resolve
from models.recipes.table import BUILT_IN
from pipeline.terminal.luigi_arguments import check_command


def test_the_first_three_recipes_are_the_three_trainings_of_the_sample():
    plain, dropout, augmented = (resolve(name, {}, {}) for name in list(BUILT_IN)[:3])
    assert (plain.convolution_dropout, plain.dense_dropout, plain.rotation_degrees) == ((), 0, 0)
    assert min(*dropout.convolution_dropout, dropout.dense_dropout) > 0
    assert min(augmented.rotation_degrees, augmented.horizontal_shift_fraction) > 0


def test_every_built_in_recipe_can_be_put_together():
    assert all(resolve(name, {}, {}).name == name for name in BUILT_IN)


def test_a_section_changes_its_base_and_an_override_changes_both():
    sections = {"mine": {"base": "augmented", "epochs": "80", "learning_rate": "3e-4"}}
    mine = resolve("mine", sections, {"epochs": 5, "batch_size": None, "seed": "7"})
    assert (mine.name, mine.epochs, mine.learning_rate, mine.seed) == ("mine", 5, 3e-4, 7)
    assert mine.rotation_degrees == resolve("augmented", {}, {}).rotation_degrees


def test_a_section_without_a_base_starts_from_plain():
    assert shown_options(resolve("mine", {"mine": {}}, {})) == shown_options(resolve("plain", {}, {}))


def test_a_section_named_like_a_built_in_recipe_changes_it_and_what_is_based_on_it():
    sections = {"plain": {"epochs": "3"}, "dropout": {"batch_size": "8"}}
    assert resolve("plain", sections, {}).epochs == 3
    dropout = resolve("dropout", sections, {})
    assert (dropout.epochs, dropout.batch_size) == (3, 8)
    assert dropout.dense_dropout > 0


def test_recipes_are_named_once_each():
    assert recipe_names({"plain": {}, "mine": {}}) == [*BUILT_IN, "mine"]


@pytest.mark.parametrize(("name", "guess"), [("augmentd", ": did you mean 'augmented'?"), ("qqq", ".")])
def test_of_a_recipe_there_is_not_only_the_nearest_is_named_and_what_lists_all(name, guess):
    with pytest.raises(UserError) as refusal:
        resolve(name, {}, {})
    assert str(refusal.value) == f"there is no recipe {name!r}{guess} `python -m pipeline recipes` lists all"


@pytest.mark.parametrize(
    ("name", "sections", "overrides", "message"),
    [
        ("augmentd", {}, {}, "no recipe 'augmentd': did you mean 'augmented'?"),
        (
            "mine",
            {"mine": {"base": "plian"}},
            {},
            "[recipe:mine] base: there is no recipe 'plian': did you mean 'plain'?",
        ),
        ("mine", {"mine": {"epoch": "3"}}, {}, "[recipe:mine]: there is no option 'epoch': did you mean 'epochs'?"),
        ("plain", {}, {"batchsize": 3}, "did you mean 'batch_size'?"),
        ("plain", {}, {"name": "other"}, "no option 'name'"),
        ("plain", {}, {"optimiser": "Adam"}, "did you mean 'adam'?"),
        ("plain", {}, {"network": "five_convolution"}, "did you mean 'five_convolutions'?"),
        ("plain", {}, {"precision": "float16"}, "did you mean 'float32'?"),
        ("mine", {"mine": {"epochs": "0"}}, {}, "[recipe:mine]: epochs = 0 is not valid; give a whole number from 1"),
        ("plain", {}, {"epochs": "many"}, "epochs = many"),
        ("plain", {}, {"epochs": 2.5}, "epochs = 2.5"),
        ("plain", {}, {"epochs": True}, "epochs = True"),
        ("plain", {}, {"epochs": [3]}, "epochs = [3]"),
        ("plain", {}, {"batch_size": -1}, "batch_size = -1"),
        ("plain", {}, {"seed": -1}, "seed = -1"),
        ("plain", {}, {"learning_rate": 0}, "learning_rate = 0"),
        ("plain", {}, {"learning_rate": "nan"}, "learning_rate = nan"),
        ("plain", {}, {"learning_rate": "inf"}, "learning_rate = inf"),
        ("plain", {}, {"dense_dropout": 1}, "dense_dropout = 1"),
        ("plain", {}, {"widths": "16,x"}, "widths = x is not valid; give a whole number"),
        ("plain", {}, {"output": "binary", "cutmix": "1.0"}, "it blends labels, and a binary output has a single one"),
        ("plain", {}, {"scales": "0.5,1"}, "five_convolutions takes pictures of one size; leave scales at 1"),
        ("sprint", {}, {"stop_patience": 2}, "pictures are tested at the last of the scales"),
        ("quick", {}, {"scales": ""}, "scales names no size to show pictures at"),
        ("quick", {}, {"dropblock": 0.1}, "it cuts its squares from pictures of one size"),
        ("three-a", {}, {"depth": 20}, "three_blocks comes in one depth only; leave depth at 0"),
        ("vit", {}, {"dropblock": 0.1}, "vit has no convolutions for dropblock to work on"),
        ("vit", {}, {"convolution_dropout": 0.1}, "vit has no convolutions; leave convolution_dropout at 0"),
        ("plain", {}, {"convolution_dropout": "0.1,0.1,0.1,0.1"}, "five_convolutions has 2 places for it"),
        ("plain", {}, {"widths": "16,32"}, "five_convolutions has 5 blocks: give as many, as widths = 32,32,64,64,64"),
        ("resnet", {}, {"depth": 21}, "depth = 21 is not valid; residual has 8, 14, 20"),
        ("wide-resnet", {}, {"depth": 20}, "depth = 20 is not valid; wide_residual has 10, 16, 22"),
        ("resnet", {}, {"widths": "32,16,64"}, "widths of residual may only grow"),
        ("vit", {}, {"widths": 90}, "widths = 90 is not valid; vit needs a multiple of 4"),
        ("plain", {}, {"momentum": 0.5}, "momentum = 0.5 does nothing without optimiser = sgd"),
        ("quick", {}, {"stair_epochs": 5}, "stair_epochs = 5 does nothing without schedule = staircase"),
        ("quick", {}, {"stair_factor": 0.1}, "give that too, or leave stair_factor at 0.5"),
        ("quick", {}, {"plateau_factor": 0.1}, "plateau_factor = 0.1 does nothing without plateau_patience"),
        ("plain", {}, {"dropblock_size": 5}, "dropblock_size = 5 does nothing without dropblock"),
        ("plain", {}, {"randaugment_operations": 3}, "randaugment_operations = 3 does nothing without randaugment"),
        ("vit", {}, {"optimiser": "muon"}, "muon is for convolutions that learn from the start"),
        ("frozen-vgg16", {}, {"optimiser": "muon"}, "choose another optimiser for dense_head"),
        ("wide-resnet", {}, {"widths": "8,16,32"}, "widths of wide_residual may only grow, from 16 or more"),
        ("frozen-xception", {}, {"backbone_side": 48}, "backbone_side = 48: xception needs 71 pixels or more"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_the_way_out(name, sections, overrides, message):
    with pytest.raises(UserError) as raised:
        resolve(name, sections, overrides)
    assert message in str(raised.value)


def test_a_recipe_leaves_the_schedule_of_its_base_by_setting_its_options_back():
    stairs = {"base": "fine-cnn", "stair_epochs": "5", "momentum": "0.8"}
    with pytest.raises(UserError, match=r"momentum = 0\.8 does nothing without optimiser"):
        resolve("mine", {"stairs": stairs, "mine": {"base": "stairs", "optimiser": "adam"}}, {})
    back = {"base": "stairs", "optimiser": "adam", "momentum": "0.9", "schedule": "cosine", "stair_epochs": "20"}
    assert resolve("mine", {"stairs": stairs, "mine": back}, {}).schedule == "cosine"


@pytest.mark.parametrize(
    "task", ["TrainModel --recipe pets-cnn", "FullReport --recipes quick,pets-cnn", "AuditLabels --recipe pets-cnn"]
)
def test_pictures_too_small_for_a_network_are_refused_before_anything_runs(project: Project, task: str):
    message = "pets needs pictures of 46 pixels and more, and these are 32 by 32"
    with configured(project.settings), pytest.raises(UserError, match=message):
        check_command([*task.split(), "--dataset", "tiny"])


def test_pictures_that_start_too_small_for_a_network_are_refused_before_anything_runs(project: Project):
    project.settings["recipe:growing"] = {"network": "seven_convolutions", "scales": "0.25,1"}
    message = "9 pixels and more, and those of 32 are shown at 0.25 of their size: set scales to 0.28 and more"
    with configured(project.settings), pytest.raises(UserError, match=message):
        check_command(["TrainModel", "--recipe", "growing", "--dataset", "tiny"])


def test_scales_that_no_epoch_reaches_are_not_held_against_a_recipe(project: Project):
    project.settings["recipe:hasty"] = {"network": "seven_convolutions", "scales": "0.25,1", "epochs": "1"}
    with configured(project.settings):
        check_command(["TrainModel", "--recipe", "hasty", "--dataset", "tiny"])


def test_an_audit_by_a_recipe_for_two_classes_is_refused_before_anything_runs(project: Project):
    project.settings["recipe:yes-or-no"] = {"base": "plain", "output": "binary"}
    with configured(project.settings), pytest.raises(UserError, match="output = binary tells two classes apart"):
        check_command(["AuditLabels", "--recipe", "yes-or-no", "--dataset", "tiny"])


def test_what_a_recipe_starts_from_is_checked_with_what_the_command_sets(project: Project):
    project.settings["recipe:first"] = {"base": "plain", "plateau_patience": "0", "warmup_epochs": "2", "epochs": "5"}
    project.settings["recipe:second"] = {"base": "first", "start_from": "first", "warmup_epochs": "0"}
    with configured(project.settings), pytest.raises(UserError, match="recipe first: warmup_epochs = 2 leaves none"):
        check_command(["TrainModel", "--recipe", "second", "--epochs", "2", "--dataset", "tiny"])


@pytest.mark.parametrize(
    ("sections", "circle"),
    [
        ({"a": {"base": "a"}}, "a -> a"),
        ({"a": {"base": "b"}, "b": {"base": "c"}, "c": {"base": "b"}}, "b -> c -> b"),
        ({"plain": {"base": "a"}, "a": {}}, "plain -> a -> plain"),
    ],
)
def test_bases_that_go_round_in_a_circle_are_refused(sections, circle):
    with pytest.raises(UserError, match=circle):
        resolve(next(iter(sections)), sections, {})


def test_neither_the_name_nor_how_a_model_is_used_decides_what_is_learnt():
    recipe = resolve("plain", {}, {})
    other = resolve("mine", {"mine": {"tta": "mirror"}}, {})
    assert key_options(recipe) == key_options(other)
    assert set(asdict(recipe)) - set(shown_options(recipe)) == {"name", "tta"}


def test_lists_are_written_with_commas_or_as_json_and_one_number_is_a_list_of_one():
    written = {
        "convolution_dropout": "0.2, 0.3",
        "widths": "[16, 16, 32, 32, 32]",
        "start_from": "narrow",
        "frozen_layers": "block_1*,dense",
    }
    recipe = resolve("plain", {"narrow": {"widths": "16,16,32,32,32"}}, written)
    assert (recipe.convolution_dropout, recipe.widths) == ((0.2, 0.3), (16, 16, 32, 32, 32))
    assert recipe.frozen_layers == ("block_1*", "dense")
    assert resolve("plain", {}, {"convolution_dropout": 0.25}).convolution_dropout == (0.25,)


def test_numbers_matter_by_value_not_by_how_they_are_written():
    written = {"rotation_degrees": "15", "epochs": "30.0", "learning_rate": "0.001"}
    given = {"rotation_degrees": 15.0, "epochs": 30, "learning_rate": 1e-3}
    key, same = (json.dumps(key_options(resolve("plain", {}, options))) for options in (written, given))
    assert key == same


def test_recipes_load_without_tensorflow():
    check = "import models.recipes.lookup, sys; assert not {'tensorflow', 'keras', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)
