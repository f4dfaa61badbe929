"""Tests `recipes`: the list, and one recipe's options and layers."""

import re
import subprocess
import sys

import pytest
from conftest import Project, configured

import pipeline
from datasets.errors import UserError
from models.recipes.table import BUILT_IN
from pipeline.__main__ import main


def recipes_lines(project: Project, capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    with configured(project.settings):
        assert main(["recipes", *words]) == 0
    return capsys.readouterr().out.splitlines()


def refusal_of(project: Project, *words: str) -> str:
    with configured(project.settings), pytest.raises(UserError) as refusal:
        main(["recipes", *words])
    return str(refusal.value)


def row(lines: list[str], name: str) -> list[str]:
    """Returns the columns of the one line that begins with a name."""
    (line,) = (line for line in lines if line.split()[0] == name)
    return re.split(r"  +", line.strip())


def test_every_recipe_is_listed_with_its_parameters_its_data_set_and_its_purpose(project, capsys):
    del project.settings["recipe:quick"]
    lines = recipes_lines(project, capsys)
    assert [line.split()[0] for line in lines] == ["recipe", *BUILT_IN]
    assert row(lines, "three-a") == ["three-a", "276,138", "cifar10", "six convolutions in three blocks"]
    begins = {line.index(BUILT_IN[name].purpose) for line in lines for name in BUILT_IN if line.startswith(f"{name} ")}
    assert len(begins) == 1


def test_a_recipe_of_ones_own_has_its_bases_parameters_until_it_changes_the_network(project, capsys):
    project.settings["recipe:longer"] = {"base": "three-b", "epochs": "80", "cutmix": "1.0"}
    project.settings["recipe:wider"] = {"base": "longer", "widths": "64,64,128"}
    project.settings["recipe:plain"] = {"epochs": "3"}
    lines = recipes_lines(project, capsys)
    assert row(lines, "longer") == ["longer", "208,794", "cifar10", "three-b with cutmix = 1.0, epochs = 80"]
    assert row(lines, "wider") == ["wider", "cifar10", "three-b with widths = 64,64,128, cutmix = 1.0, epochs = 80"]
    assert row(lines, "plain") == ["plain", "398,566", "cifar100-six", "plain with epochs = 3"]


def test_listing_loads_no_tensorflow(project):
    code = (
        "import sys; from pipeline.__main__ import main; main(['recipes']); "
        "assert not {'tensorflow', 'keras', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=project.write_settings(), check=True, stdout=subprocess.DEVNULL)


@pytest.mark.slow
def test_one_recipe_shows_its_options_and_the_layers_that_were_published(project, capsys):
    lines = recipes_lines(project, capsys, "three-a")
    assert lines[0] == "three-a: six convolutions in three blocks"
    assert row(lines, "dense_dropout") == ["dense_dropout", "=", "0.5"]
    assert "label_smoothing" not in " ".join(lines)
    assert "on cifar10, 10 classes, pictures of 32 by 32 pixels:" in lines
    assert row(lines, "convolution_1b") == ["convolution_1b", "Conv2D", "30 x 30 x 32", "9,248"]
    assert row(lines, "parameters") == ["parameters", "276,138"]


@pytest.mark.slow
def test_a_recipe_is_shown_for_another_data_set_with_its_classes_and_size(project, capsys):
    project.settings["dataset:pets"] = {"source": "folder", "path": "x", "size": "48", "classes": "cat,dog"}
    lines = recipes_lines(project, capsys, "three-a", "--dataset", "pets")
    assert "on pets, 2 classes, pictures of 48 by 48 pixels:" in lines
    assert row(lines, "probabilities")[-2:] == ["2", "1,026"]
    assert row(recipes_lines(project, capsys, "three-a", "--dataset", "tiny"), "probabilities")[-1] == "1,539"


@pytest.mark.slow
def test_a_recipe_that_sums_its_classes_is_shown_as_it_is_saved(project, capsys):
    lines = recipes_lines(project, capsys, "coarse-cnn-fine")
    assert row(lines, "probabilities")[-2:] == ["100", "51,300"]
    assert row(lines, "superclass_probabilities") == ["superclass_probabilities", "Dense", "20", "2,000"]
    assert row(lines, "parameters")[-1] == row(recipes_lines(project, capsys), "coarse-cnn-fine")[1]
    assert "'airplane' is none of them" in refusal_of(project, "coarse-cnn-fine", "--dataset", "cifar10")


def test_summing_classes_changes_how_many_parameters_a_recipe_has(project, capsys):
    project.settings["recipe:fine"] = {"base": "coarse-cnn-fine", "predict": "classes"}
    assert row(recipes_lines(project, capsys), "fine") == ["fine", "cifar100", "coarse-cnn-fine with predict = classes"]


@pytest.mark.slow
def test_layers_that_are_frozen_are_not_counted_as_trained(project, capsys):
    lines = recipes_lines(project, capsys, "fine-cnn-frozen")
    assert row(lines, "parameters")[-1] == "3,300,004"
    assert int(row(lines, "of")[-1].replace(",", "")) < 3_300_004 - 1_000_000 + 740_000


@pytest.mark.slow
def test_the_classes_of_a_folder_are_those_that_were_exported(project, capsys):
    from PIL import Image

    project.settings["dataset:tiny"] = {"source": "folder", "path": str(project.folder / "photos"), "size": "24"}
    message = "how many classes tiny has is not known before it is exported"
    assert message in refusal_of(project, "three-a", "--dataset", "tiny")
    for number, name in enumerate(("cat", "dog", "frog", "owl") * 6):
        (project.folder / "photos" / name).mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (30, 30), (number * 9, 10, 20)).save(project.folder / "photos" / name / f"{number}.png")
    project.built(pipeline.ExportImages)
    lines = recipes_lines(project, capsys, "three-a", "--dataset", "tiny")
    assert "on tiny, 4 classes, pictures of 24 by 24 pixels:" in lines


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("three-x",), "there is no recipe 'three-x': did you mean 'three-"),
        (("three-a", "--dataset", "cifar1"), "there is no data set 'cifar1': did you mean 'cifar10'?"),
        (("three-a", "--datset", "cifar10"), "did you mean '--dataset'?"),
        (("three-a", "three-b"), "'three-b' is neither an option nor the value of one"),
        (("--yes",), "recipes: it changes nothing"),
        (("pets-cnn", "--dataset", "tiny"), "output = binary tells two classes apart, and there are 3"),
        (("--dataset", "tiny"), "name a recipe to see it for tiny"),
    ],
)
def test_what_cannot_be_shown_is_told_in_one_sentence(project, words, message):
    assert message in refusal_of(project, *words)


def test_a_binary_recipe_for_three_classes_is_refused_before_anything_runs(project):
    project.settings["recipe:pair"] = {"base": "quick", "output": "binary"}
    run = project.luigi("FullReport", "--dataset", "tiny", "--recipes", "quick,pair")
    assert run.returncode == 2
    assert "recipe pair: output = binary tells two classes apart, and there are 3" in run.stderr
    assert not project.home.exists()
    assert "there are 3" in project.error(pipeline.TrainModel, recipe="pair")
