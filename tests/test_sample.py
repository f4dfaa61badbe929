"""The sample: painted alike every time, and wrong just where it says so."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from datasets.arrays import Arrays
from datasets.sources.sample.flaws import near_duplicates, wrong_labels
from datasets.sources.sample.roster import SAMPLE
from datasets.sources.sample.sample_source import paint_sample

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sample() -> Arrays:
    return paint_sample()


def test_six_classes_of_200_training_and_50_test_pictures(sample: Arrays) -> None:
    assert sample.pixels.shape == (1500, 32, 32, 3)
    assert sample.pixels.dtype == np.uint8
    assert sample.classes == SAMPLE
    assert np.bincount(sample.labels[: sample.train_count]).tolist() == [200] * 6
    assert np.bincount(sample.labels[sample.train_count :]).tolist() == [50] * 6


def test_another_process_paints_the_same_bytes(sample: Arrays) -> None:
    ask = (
        "import hashlib; from datasets.sources.sample.sample_source import paint_sample; "
        "print(hashlib.sha256(paint_sample().pixels.tobytes()).hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == hashlib.sha256(sample.pixels.tobytes()).hexdigest()


def test_the_bytes_are_those_painted_on_every_other_machine(sample: Arrays) -> None:
    assert hashlib.sha256(sample.pixels.tobytes()).hexdigest()[:16] == "846169599e37323a"


def test_another_seed_paints_other_pictures(sample: Arrays) -> None:
    assert not np.array_equal(paint_sample(1).pixels, sample.pixels)


def test_three_in_a_hundred_training_labels_are_wrong_and_listed(sample: Arrays) -> None:
    flaws = wrong_labels()
    assert len(flaws) == 36
    assert len({flaw.number for flaw in flaws}) == 36
    for flaw in flaws:
        assert flaw.number < sample.train_count
        assert sample.labels[flaw.number] == flaw.given_label != flaw.true_label
    right = np.setdiff1d(np.arange(1500), [flaw.number for flaw in flaws])
    assert np.array_equal(sample.labels[right], right % 6), "classes take turns wherever no label is wrong"


def test_a_dozen_test_pictures_nearly_repeat_a_training_picture_and_are_listed(sample: Arrays) -> None:
    pairs = near_duplicates()
    assert len(pairs) == 12
    for pair in pairs:
        assert pair.train_number < sample.train_count <= pair.test_number
        assert not np.array_equal(sample.pixels[pair.train_number], sample.pixels[pair.test_number])
        assert sample.labels[pair.train_number] == sample.labels[pair.test_number]


def test_the_planted_pairs_are_nearer_than_any_pair_by_chance(sample: Arrays) -> None:
    """Compares the mean difference of pixels, once each picture's own brightness is taken out."""
    flat = sample.pixels.reshape(1500, -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    squares = (flat**2).sum(axis=1)
    distances = squares[1200:, None] + squares[None, :1200] - 2 * flat[1200:] @ flat[:1200].T
    planted = [(pair.test_number - 1200, pair.train_number) for pair in near_duplicates()]
    farthest = max(distances[pair] for pair in planted)
    for pair in planted:
        distances[pair] = np.inf
    assert 2 * farthest < distances.min()
