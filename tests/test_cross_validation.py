"""Tests folds and judgements, on small packs and with models whose answers are known."""

from pathlib import Path

import numpy as np
import pytest
from small_pack import CLASSES, SIDE, write_small_pack

from datasets.pack import gather, read_column
from datasets.tables import DUPLICATES_HEADER, FOLDS_HEADER, PAIRS_HEADER, write_rows
from models.cross_validation import judge, train_fold
from models.model_digest import content_digest
from models.recipes.recipe import Recipe

pytestmark = pytest.mark.slow


@pytest.fixture
def pack_dir(tmp_path: Path) -> Path:
    """A pack whose training and validation pictures are dealt into two folds in turn."""
    folder = write_small_pack(tmp_path / "pack", train=24, val=6, test=9)
    paths = [path for path in read_column(folder, "path") if not path.startswith("test/")]
    write_rows(
        folder / "folds.csv", FOLDS_HEADER, sorted(((path, n % 2) for n, path in enumerate(paths)), key=lambda r: r[1])
    )
    write_duplicates(folder, [], [])
    return folder


def write_duplicates(folder: Path, groups: list[list[str]], near: list[tuple[str, str]]) -> None:
    members = [(number, path, "", "", "near", 0.1) for number, group in enumerate(groups, 1) for path in group]
    write_rows(folder / "duplicates.csv", DUPLICATES_HEADER, members)
    write_rows(folder / "pairs.csv", PAIRS_HEADER, [(*pair, "near", 0.1) for pair in near])


def model_digest(pack_dir: Path, folder: Path) -> str:
    """Returns the digest of the model that holds out fold 0."""
    folder.mkdir()
    train_fold(Recipe("plain", batch_size=8, epochs=1), pack_dir, pack_dir / "folds.csv", 0, folder)
    return content_digest(folder / "model.keras")


def repaint(pack_dir: Path, position: int) -> None:
    pixels = np.load(pack_dir / "train_pixels.npy")
    pixels[position] = 255 - pixels[position]
    np.save(pack_dir / "train_pixels.npy", pixels)


def test_a_model_does_not_depend_on_the_fold_that_it_holds_out(pack_dir: Path, tmp_path: Path) -> None:
    before = model_digest(pack_dir, tmp_path / "before")
    repaint(pack_dir, position=2)
    assert model_digest(pack_dir, tmp_path / "held out") == before
    repaint(pack_dir, position=3)
    assert model_digest(pack_dir, tmp_path / "learnt from") != before


def save_model_of_one_opinion(folder: Path, label: int) -> Path:
    """A model that names every picture alike, the surer the brighter its left edge is."""
    from keras import Model, initializers, layers

    folder.mkdir()
    pictures = layers.Input((SIDE, SIDE, 3), dtype="uint8")
    edge = layers.Flatten()(layers.Rescaling(1 / 255)(layers.Cropping2D(((0, 0), (0, SIDE - 1)))(pictures)))
    kernel = np.zeros((SIDE * 3, len(CLASSES)))
    kernel[:, label] = 0.1
    shares = layers.Dense(len(CLASSES), "softmax", kernel_initializer=initializers.Constant(kernel))(edge)
    Model(pictures, shares).save(folder / "model.keras")
    return folder


def test_the_model_of_its_fold_judges_a_picture_and_all_models_a_test_picture(pack_dir: Path, tmp_path: Path) -> None:
    models = [save_model_of_one_opinion(tmp_path / str(label), label) for label in (0, 1)]
    judged = judge(pack_dir, pack_dir / "folds.csv", pack_dir, models)
    assert judged.paths == read_column(pack_dir, "path")
    np.testing.assert_allclose(judged.probabilities.sum(axis=1), 1, rtol=1e-5)
    assert judged.probabilities[:30].argmax(axis=1).tolist() == [0, 1] * 15
    np.testing.assert_allclose(judged.probabilities[30:, 0], judged.probabilities[30:, 1], rtol=1e-4)


def test_a_test_picture_is_judged_by_the_model_that_did_not_learn_its_duplicate(pack_dir: Path, tmp_path: Path) -> None:
    models = [save_model_of_one_opinion(tmp_path / str(label), label) for label in (0, 1)]
    paths = read_column(pack_dir, "path")
    write_duplicates(pack_dir, [[paths[0], paths[30]], [paths[1], paths[31]]], [])
    judged = judge(pack_dir, pack_dir / "folds.csv", pack_dir, models)
    assert judged.probabilities[[0, 30, 1, 31]].argmax(axis=1).tolist() == [0, 0, 1, 1]
    np.testing.assert_allclose(judged.probabilities.sum(axis=1), 1, rtol=1e-5)


def test_a_test_picture_of_which_every_model_learnt_a_duplicate_is_judged_by_none(
    pack_dir: Path, tmp_path: Path
) -> None:
    models = [save_model_of_one_opinion(tmp_path / str(label), label) for label in (0, 1)]
    paths = read_column(pack_dir, "path")
    write_duplicates(
        pack_dir, [[paths[0], paths[2]], [paths[1], paths[3]]], [(paths[0], paths[30]), (paths[1], paths[30])]
    )
    judged = judge(pack_dir, pack_dir / "folds.csv", pack_dir, models)
    assert judged.unjudged == [paths[30]]
    assert judged.paths == paths[:30] + paths[31:]


def test_a_picture_and_its_mirror_image_are_judged_alike(pack_dir: Path, tmp_path: Path) -> None:
    models = [save_model_of_one_opinion(tmp_path / str(label), label) for label in (0, 1)]
    before = judge(pack_dir, pack_dir / "folds.csv", pack_dir, models).probabilities
    np.save(pack_dir / "train_pixels.npy", np.load(pack_dir / "train_pixels.npy")[:, :, ::-1])
    np.testing.assert_allclose(
        judge(pack_dir, pack_dir / "folds.csv", pack_dir, models).probabilities, before, rtol=1e-5
    )


def test_pictures_are_gathered_across_subsets_in_the_order_asked_for(pack_dir: Path) -> None:
    subsets = [np.load(pack_dir / f"{subset}_pixels.npy") for subset in ("train", "val", "test")]
    positions = np.array([38, 0, 25, 23, 24, 0])
    np.testing.assert_array_equal(gather(pack_dir, "pixels", positions), np.concatenate(subsets)[positions])
