"""The duplicates: what counts as one, and what does not."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scenes import grainy, scene

from datasets.duplicates.candidates import MOST_CANDIDATES
from datasets.duplicates.fingerprints import add_contents, read_fingerprints
from datasets.duplicates.groups import MOST_TOGETHER, HashedPicture, group_pictures
from datasets.duplicates.likeness import find_alike
from datasets.duplicates.looks import look_at
from datasets.sources.sample.flaws import near_duplicates
from datasets.sources.sample.sample_source import paint_sample
from datasets.tables import DuplicateRow

NOTHING = Path("/dev/null")


def alike(*pictures: np.ndarray) -> set[tuple[int, ...]]:
    """The pairs found, by position."""
    return {tuple(sorted(pair)) for pair in find_alike(look_at(pictures)).pairs.tolist()}


@pytest.mark.slow
def test_all_planted_near_duplicates_of_the_sample_are_found_and_nothing_else() -> None:
    planted = {(pair.train_number, pair.test_number) for pair in near_duplicates()}
    assert alike(*paint_sample().pixels) == planted


@pytest.mark.parametrize(
    "retake",
    [
        grainy(scene(1), 5),
        scene(1)[:, ::-1],
        scene(1, right=2),
        (scene(1) * 0.8).astype(np.uint8),
        (128 + scene(1) * 0.4).astype(np.uint8),
        np.asarray(Image.fromarray(scene(1)).resize((150, 150), Image.Resampling.BICUBIC)),
    ],
    ids=["grain", "mirrored", "shifted", "darker", "hazy", "larger"],
)
def test_the_same_scene_taken_otherwise_is_a_near_duplicate(retake: np.ndarray) -> None:
    assert alike(scene(0), scene(1), scene(2), retake) == {(1, 3)}


def test_the_same_outlines_in_other_colours_are_no_duplicate() -> None:
    assert alike(scene(1), 255 - scene(1)) == set()


def flat(*colour: int) -> np.ndarray:
    return np.full((32, 32, 3), colour, np.uint8)


def slope(direction: Sequence[int], seed: int) -> np.ndarray:
    across, down = np.mgrid[:32, :32]
    return grainy(np.repeat((128 + across * direction[0] + down * direction[1])[..., None], 3, axis=2), seed, 1)


def test_pictures_with_nothing_on_them_are_no_near_duplicates() -> None:
    assert alike(*(flat(shade, shade // 2, 40) for shade in range(0, 256, 8))) == set()
    assert alike(*(grainy(flat(90, 120, 150), seed, 3) for seed in range(30))) == set()
    assert alike(*(slope((1, 2), seed) for seed in range(30))) == set()


def listed(pictures: Iterable[tuple[str, np.ndarray]]) -> tuple[list[DuplicateRow], set[tuple[str, str]]]:
    """Returns groups and pairs of pictures, by their names."""
    names, pixels = zip(*pictures, strict=True)
    known = add_contents(
        read_fingerprints(NOTHING, ""), names, lambda wanted: look_at(pixels[names.index(name)] for name in wanted)
    )
    rows = [HashedPicture(name, "train", "cat", known.hashes[name]) for name in names]
    members, pairs = group_pictures(rows, known.pairs())
    return members, {(pair.path, pair.duplicate) for pair in pairs}


def test_equal_pixels_are_an_exact_duplicate_and_join_the_near_ones() -> None:
    pictures = {"b": scene(1), "a": scene(1), "c": grainy(scene(1), 5), "d": scene(2)}
    members, pairs = listed(pictures.items())
    assert [(member.group, member.path, member.kind) for member in members] == [
        (1, "a", "exact"),
        (1, "b", "exact"),
        (1, "c", "near"),
    ]
    assert [member.distance == 0 for member in members] == [True, True, False]
    assert pairs == {("a", "b"), ("a", "c")}


def test_groups_are_numbered_by_their_first_paths() -> None:
    members, _ = listed([("d", scene(1)), ("c", scene(2)), ("b", scene(1)), ("a", scene(2))])
    assert [(member.group, member.path) for member in members] == [(1, "a"), (1, "c"), (2, "b"), (2, "d")]


def test_a_chain_of_likeness_is_one_group_until_it_grows_too_long() -> None:
    links = [(b"%04d" % number, b"%04d" % (number + 1), 0.1) for number in range(2 * MOST_TOGETHER)]
    pictures = [
        HashedPicture(f"{number:04}", "train", "cat", b"%04d" % number) for number in range(2 * MOST_TOGETHER + 1)
    ]
    few, _ = group_pictures(pictures[:50], links[:49])
    assert {member.group for member in few} == {1}
    many, _ = group_pictures(pictures, links)
    sizes = [sum(member.group == group for member in many) for group in {member.group for member in many}]
    assert max(sizes) <= MOST_TOGETHER


def test_of_a_kind_that_all_looks_alike_none_is_a_duplicate() -> None:
    pictures = [scene(2), grainy(scene(2), 1), *(grainy(scene(1), seed) for seed in range(MOST_CANDIDATES + 2))]
    assert alike(*pictures) == {(0, 1)}
