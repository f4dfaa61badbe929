"""Features computed once and kept, heads trained on them, and the backbone's last layers after: real Luigi runs."""

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import Project, configured
from small_pack import write_small_pack
from tiny_backbone import write_tiny_backbone

import pipeline
from datasets.pack import read_subset
from models.backbones import features
from models.backbones.features import embed
from models.backbones.head import fine_tune
from models.backend import prepare_tensorflow
from models.recipes.backbone_trainings import head_recipe
from models.recipes.keys import key_options
from models.recipes.lookup import resolve
from models.recipes.recipe import Recipe
from models.training.event_log import EVENTS

prepare_tensorflow()

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, tiny_archive: Path) -> Project:
    """A project whose recipe `frozen`, on a backbone of its own, is trained."""
    project = Project(tmp_path_factory.mktemp("trained"), tiny_archive)
    project.settings["recipe:frozen"] = {
        "base": "frozen-file",
        "backbone_file": str(write_tiny_backbone(project.folder / "tiny.keras")),
        "backbone_input": "unit",
        "network": "dense_head",
        "dense_dropout": "0",
        "epochs": "3",
        "batch_size": "8",
        "learning_rate": "0.01",
    }
    assert {"EmbedImages", "TrainHead", "TrainModel"} <= train(project)
    return project


@pytest.fixture
def frozen(trained: Project, tmp_path: Path) -> Project:
    """A copy of it, its pictures read once where they are now."""
    shutil.copytree(trained.folder, tmp_path, symlinks=True, dirs_exist_ok=True)
    project = Project(tmp_path, Path(trained.settings["cifar"]["archives"]))
    project.settings["recipe:frozen"] = trained.settings["recipe:frozen"] | {
        "backbone_file": str(tmp_path / "tiny.keras")
    }
    assert train(project) == {"IndexImages"}
    return project


def train(project: Project, **parameters: object) -> set[str]:
    return project.built(pipeline.TrainModel, recipe="frozen", **parameters)


def latest(project: Project, part: str = "train") -> Path:
    return project.home / "latest/runs/frozen" / part


def features_dir(project: Project) -> Path:
    (folder,) = (project.home / "latest/features").glob("tiny-*-unit-average")
    return folder


def summary(project: Project) -> dict[str, float]:
    values: dict[str, float] = json.loads((latest(project) / "training.json").read_text())
    return values


def load(path: Path):
    import keras

    return keras.models.load_model(path, compile=False)


def test_the_joined_model_says_of_pictures_what_the_head_says_of_their_features(trained: Project) -> None:
    pixels, _ = read_subset(trained.home / "latest/pack", "val")
    head, features_of_val = load(latest(trained, "head") / "model.keras"), np.load(features_dir(trained) / "val.npy")
    of_head = head.predict(features_of_val, verbose=0)
    joined = load(latest(trained) / "model.keras")
    np.testing.assert_allclose(joined.predict(pixels, verbose=0), of_head, rtol=1e-4, atol=1e-6)
    assert joined.input.dtype == "uint8"
    assert len(joined.trainable_weights) == 4


def test_features_are_those_of_every_subset_in_the_order_of_the_pack(trained: Project) -> None:
    backbone = load(features_dir(trained) / "backbone.keras")
    for subset in ("train", "val", "test"):
        kept = np.load(features_dir(trained) / f"{subset}.npy")
        pixels, _ = read_subset(trained.home / "latest/pack", subset)
        assert kept.dtype == np.float32
        np.testing.assert_allclose(kept, backbone.predict(pixels, verbose=0), rtol=1e-4, atol=1e-6)


def test_another_head_is_trained_on_the_features_that_are_there(frozen: Project) -> None:
    changes = {"learning_rate": "0.1", "epochs": "2", "seed": "5", "network": "linear_head", "dense_dropout": "0.5"}
    for option, value in changes.items():
        frozen.settings["recipe:frozen"][option] = value
        assert train(frozen) == {"TrainHead", "TrainModel"}, option


def test_the_most_accurate_epoch_of_the_head_is_joined_too(frozen: Project) -> None:
    frozen.settings["recipe:frozen"]["checkpoint"] = "val_accuracy"
    assert train(frozen) == {"TrainHead", "TrainModel"}
    pixels, labels = read_subset(frozen.home / "latest/pack", "val")
    best, head = (load(latest(frozen, part) / "best_val_accuracy.keras") for part in ("train", "head"))
    accuracy = (best.predict(pixels, verbose=0).argmax(axis=1) == labels).mean()
    with (latest(frozen) / "history.csv").open(newline="") as lines:
        assert accuracy == pytest.approx(max(float(row["val_accuracy"]) for row in csv.DictReader(lines)))
    kernels = [model.get_layer("dense").get_weights()[0] for model in (best, head)]
    np.testing.assert_array_equal(*kernels)


def test_how_classes_are_predicted_is_nothing_to_the_head() -> None:
    assert key_options(head_recipe(replace(RECIPE, predict="coarse"))) == key_options(head_recipe(RECIPE))


def test_two_recipes_on_one_backbone_share_its_features(frozen: Project) -> None:
    frozen.settings["recipe:other"] = {"base": "frozen", "network": "linear_head"}
    assert frozen.built(pipeline.TrainModel, recipe="other") == {"TrainHead", "TrainModel"}
    assert train(frozen) == set()


def test_another_backbone_in_the_same_file_has_its_features_computed_again(frozen: Project) -> None:
    write_tiny_backbone(frozen.folder / "tiny.keras", seed=1)
    assert train(frozen) == {"EmbedImages", "TrainHead", "TrainModel"}


def test_the_same_backbone_elsewhere_is_the_same(frozen: Project) -> None:
    (frozen.folder / "elsewhere").mkdir()
    (frozen.folder / "tiny.keras").rename(frozen.folder / "elsewhere/tiny.keras")
    frozen.settings["recipe:frozen"]["backbone_file"] = str(frozen.folder / "elsewhere/tiny.keras")
    assert train(frozen) == set()


def test_two_backbones_in_files_of_one_name_are_both_the_latest(frozen: Project) -> None:
    (frozen.folder / "elsewhere").mkdir()
    other = write_tiny_backbone(frozen.folder / "elsewhere/tiny.keras", seed=1)
    frozen.settings["recipe:other"] = {"base": "frozen", "backbone_file": str(other)}
    assert frozen.built(pipeline.TrainModel, recipe="other") == {"EmbedImages", "TrainHead", "TrainModel"}
    for recipe in ("frozen", "other"):
        assert frozen.ran(pipeline.TrainModel, recipe=recipe) == set()


def test_a_moved_picture_has_features_computed_and_the_head_trained_again(frozen: Project) -> None:
    picture = frozen.picture("cat")
    picture.rename(frozen.images / "train/dog" / picture.name)
    assert {"TrainHead", "TrainModel"} <= train(frozen)


def test_the_last_layers_learn_too_from_where_the_head_stands(frozen: Project) -> None:
    before = load(latest(frozen) / "model.keras")
    assert train(frozen, unfreeze=1) == {"TrainModel"}
    after = load(latest(frozen) / "model.keras")
    bases = [next(layer for layer in model.layers if layer.name == "pretrained") for model in (before, after)]
    moved = {
        layer.name: max(float(np.abs(old - new).max()) for old, new in zip(weights, again.get_weights(), strict=True))
        for layer, again in zip(bases[0].layers, bases[1].layers, strict=True)
        if (weights := layer.get_weights())
    }
    assert moved["convolution_1"] == moved["norm"] == 0 < moved["convolution_2"] < 0.02
    counts = summary(frozen)
    assert counts["frozen_parameters"] == 3 * 9 * 8 + 8 + 4 * 8
    assert counts["epochs"] == 5
    head_moved = np.abs(before.get_layer("dense").get_weights()[0] - after.get_layer("dense").get_weights()[0]).max()
    assert 0 < head_moved < 0.02


def test_unfreezing_under_the_report_concerns_recipes_with_a_backbone_alone(frozen: Project) -> None:
    recipes = ("quick", "frozen")
    frozen.built(pipeline.FullReport, recipes=recipes)
    frozen.settings["TrainModel"] = {"unfreeze": "2"}
    rebuilt = frozen.build(pipeline.FullReport, recipes=recipes)
    assert rebuilt.complete
    assert {entry.result_path for entry in rebuilt.ran if entry.built} == {
        *(f"runs/frozen/{part}" for part in ("train", "evaluate", "explain", "plots")),
        "comparison",
        "report",
    }


def test_augmentation_is_for_the_pictures_and_not_for_the_features(frozen: Project) -> None:
    frozen.settings["recipe:frozen"] |= {"unfreeze": "1", "mirrored_fraction": "0.5", "unfreeze_epochs": "2"}
    assert train(frozen) == {"TrainModel"}
    assert summary(frozen)["epochs"] == 2


def test_the_frozen_baseline_of_a_recipe_that_unfreezes_is_trained_without_its_augmentation(frozen: Project) -> None:
    frozen.settings["recipe:frozen"] |= {"unfreeze": "1", "mirrored_fraction": "0.5"}
    assert train(frozen, unfreeze=0) == set()


def test_the_seconds_of_a_fine_tuned_recipe_hold_those_of_its_head_once(frozen: Project) -> None:
    head, parts = latest(frozen, "head"), [frozen.home / "latest" / part for part in ("pack", "runs/frozen/train")]
    of_head = json.loads((head / "training.json").read_text())
    (head / "training.json").write_text(json.dumps(of_head | {"train_seconds": 1000.0}))
    train(frozen, unfreeze=1)
    assert 1000 < summary(frozen)["train_seconds"] < 1500
    before = summary(frozen)
    with configured(frozen.settings):
        recipe = pipeline.TrainModel(dataset="tiny", recipe="frozen", unfreeze=1).resolved
    fine_tune(recipe, features_dir(frozen), head, *parts, "val")  # as after a kill just before the result was in place
    assert summary(frozen) == before


def test_a_frozen_recipe_is_logged_where_its_head_learns(frozen: Project) -> None:
    frozen.settings["TrainModel"] = {"tensorboard": "true"}
    frozen.settings["recipe:frozen"]["learning_rate"] = "0.02"
    assert train(frozen) == {"TrainHead", "TrainModel"}
    assert len(list((latest(frozen, "head") / EVENTS).iterdir())) == 1
    assert not (latest(frozen) / EVENTS).exists()
    assert train(frozen, unfreeze=1) == {"TrainModel"}
    assert len(list((latest(frozen) / EVENTS).iterdir())) == 1


def test_a_backbone_without_weights_is_said_loudly_each_time_a_head_is_trained(
    frozen: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    frozen.settings["recipe:frozen"] = {"base": "frozen-mobilenet", "backbone_weights": "none", "epochs": "1"}
    warning = "WARNING: frozen is built on mobilenet with RANDOM weights"
    train(frozen)
    assert capsys.readouterr().out.count(warning) == 2
    frozen.settings["recipe:frozen"]["learning_rate"] = "0.1"
    assert train(frozen) == {"TrainHead", "TrainModel"}
    assert capsys.readouterr().out.count(warning) == 1


def test_a_backbone_that_is_not_there_is_told_before_anything_runs(frozen: Project) -> None:
    (frozen.folder / "tiny.keras").unlink()
    run = frozen.luigi("FullReport", "--dataset", "tiny", "--recipes", "frozen")
    assert run.returncode != 0
    assert "tiny.keras: there is no such file" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (frozen.home / "report").exists()


RECIPE = replace(resolve("frozen-file", {}, {}), backbone_input="unit")


def embed_in(folder: Path, recipe: Recipe, pack_dir: Path) -> None:
    folder.mkdir(exist_ok=True)
    embed(recipe, pack_dir, folder)


def test_killed_features_go_on_with_the_first_subset_that_is_not_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack_dir = write_small_pack(tmp_path / "pack", train=200, val=70, test=30)
    recipe = replace(RECIPE, backbone_file=str(write_tiny_backbone(tmp_path / "tiny.keras")))
    embed_in(tmp_path / "whole", recipe, pack_dir)
    with monkeypatch.context() as patch:
        patch.setattr(features, "progress", _killed_in("val"))
        with pytest.raises(KeyboardInterrupt):
            embed_in(tmp_path / "killed", recipe, pack_dir)
    names = {path.name for path in (tmp_path / "killed").iterdir()}
    assert names == {"backbone.keras", "train.npy"}
    done_at = (tmp_path / "killed/train.npy").stat().st_mtime_ns
    embed_in(tmp_path / "killed", recipe, pack_dir)
    assert (tmp_path / "killed/train.npy").stat().st_mtime_ns == done_at
    names = {path.name for path in (tmp_path / "killed").iterdir()}
    assert names == {"backbone.keras", "train.npy", "val.npy", "test.npy"}
    for subset in ("train", "val", "test"):
        whole, resumed = (np.load(tmp_path / name / f"{subset}.npy") for name in ("whole", "killed"))
        np.testing.assert_array_equal(whole, resumed)


def _killed_in(subset: str) -> Callable[..., object]:
    """Progress that is cut off after the first batch of a subset."""
    from contextlib import contextmanager

    @contextmanager
    def progress(what: str, total: int):
        def advance(count: int) -> None:
            if what.endswith(subset):
                raise KeyboardInterrupt

        yield advance

    return progress


@pytest.mark.parametrize("task", [pipeline.EmbedImages, pipeline.TrainHead])
def test_a_recipe_without_a_backbone_has_neither_features_nor_a_head(project: Project, task: type) -> None:
    assert "recipe quick has no backbone" in project.error(task, recipe="quick")
