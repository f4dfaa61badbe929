"""The binary layout of CIFAR, from files in a folder."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from datasets.arrays import Arrays
from datasets.errors import UserError
from datasets.sources.cifar.load_cifar import load
from datasets.sources.source import Places

CIFAR10_BATCHES = [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]


def load_named(kind: str, labels: str, archives: Path) -> Arrays:
    nowhere = Path("/nowhere")
    return load(kind, labels, Places(workspace=nowhere, downloads=nowhere, keras_home=nowhere, archives=archives))


def random_planes(picture_count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (picture_count, 3072), dtype=np.uint8)


def write_binary_cifar10(folder: Path, pictures_in_a_batch: int = 3) -> None:
    """Writes six batches; batch b labels its picture p as b + p."""
    folder.mkdir(parents=True)
    for batch, name in enumerate(CIFAR10_BATCHES):
        labels = (batch + np.arange(pictures_in_a_batch, dtype=np.uint8)[:, None]) % 10
        np.hstack([labels, random_planes(pictures_in_a_batch, batch)]).tofile(folder / f"{name}.bin")


def write_binary_cifar100(folder: Path) -> None:
    """Writes four training pictures, coarse 1 and fine 90 to 93, and two test pictures, coarse 2 and fine 40 and 41."""
    folder.mkdir(parents=True)
    for name, count, coarse, first_fine in [("train", 4, 1, 90), ("test", 2, 2, 40)]:
        labels = np.array([[coarse, first_fine + picture] for picture in range(count)], np.uint8)
        np.hstack([labels, random_planes(count, count)]).tofile(folder / f"{name}.bin")


@pytest.fixture
def cifar10(tmp_path: Path) -> Path:
    write_binary_cifar10(tmp_path / "cifar-10-batches-bin")
    return tmp_path / "cifar-10-batches-bin"


@pytest.fixture
def cifar100(tmp_path: Path) -> Path:
    write_binary_cifar100(tmp_path / "cifar-100-binary")
    return tmp_path / "cifar-100-binary"


def test_planes_become_the_colours_of_each_pixel(cifar100: Path):
    picture = np.zeros((3, 32, 32), np.uint8)
    picture[:, 2, 5] = 10, 20, 30  # red, green and blue of row 2, column 5
    (cifar100 / "train.bin").write_bytes(bytes([0, 0]) + picture.tobytes())
    pixels = load_named("cifar100", "fine", cifar100).pixels
    assert pixels[0, 2, 5].tolist() == [10, 20, 30]
    assert pixels[0].sum() == 60


def test_training_files_come_first_in_their_order_then_the_test_file(cifar10: Path):
    arrays = load_named("cifar10", "fine", cifar10)
    assert arrays.train_count == 15
    assert arrays.labels.tolist() == [0, 1, 2, 1, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5, 6, 5, 6, 7]
    assert arrays.pixels.shape == (18, 32, 32, 3)
    for batch in range(6):
        planes = random_planes(3, batch).reshape(3, 3, 32, 32)
        assert np.array_equal(arrays.pixels[3 * batch : 3 * batch + 3], planes.transpose(0, 2, 3, 1))


def test_arrays_have_the_promised_types(cifar10: Path):
    arrays = load_named("cifar10", "fine", cifar10)
    assert (arrays.pixels.dtype, arrays.labels.dtype) == (np.uint8, np.int64)
    assert arrays.pixels.flags.c_contiguous


def test_cifar100_has_two_label_sets_and_needs_no_name_files(cifar100: Path):
    fine, coarse = (load_named("cifar100", labels, cifar100) for labels in ("fine", "coarse"))
    assert fine.labels.tolist() == [90, 91, 92, 93, 40, 41]
    assert coarse.labels.tolist() == [1, 1, 1, 1, 2, 2]
    assert fine.classes[92] == "tulip"
    assert coarse.classes[2] == "flowers"
    assert np.array_equal(fine.pixels, coarse.pixels)


def test_batches_may_hold_any_number_of_pictures(cifar10: Path):
    (cifar10 / "data_batch_2.bin").write_bytes(bytes(3073 * 7))
    assert load_named("cifar10", "fine", cifar10).train_count == 4 * 3 + 7


def test_a_file_cut_within_a_record_names_the_file_and_the_record(cifar10: Path):
    file = cifar10 / "data_batch_4.bin"
    file.write_bytes(file.read_bytes()[:-3])
    with pytest.raises(UserError, match=r"data_batch_4\.bin is not whole records of 3073 bytes: record 2 .* only 3070"):
        load_named("cifar10", "fine", cifar10)


def test_an_empty_file_is_named(cifar10: Path):
    (cifar10 / "test_batch.bin").write_bytes(b"")
    with pytest.raises(UserError, match=r"test_batch\.bin is empty"):
        load_named("cifar10", "fine", cifar10)


def test_a_label_out_of_range_names_the_file_the_record_and_what_was_expected(cifar10: Path):
    (cifar10 / "data_batch_5.bin").write_bytes(bytes(3073) + bytes([10]) + bytes(3072))
    with pytest.raises(UserError, match=r"data_batch_5\.bin: record 1 .* fine label 10, expected 0 to 9\."):
        load_named("cifar10", "fine", cifar10)


@pytest.mark.parametrize(
    ("record", "told"), [([20, 0], "coarse label 20, expected 0 to 19"), ([0, 100], "fine label 100")]
)
def test_both_labels_of_cifar100_are_checked_whichever_is_asked_for(cifar100: Path, record: list[int], told: str):
    (cifar100 / "test.bin").write_bytes(bytes(record) + bytes(3072))
    for labels in ("fine", "coarse"):
        with pytest.raises(UserError, match=told):
            load_named("cifar100", labels, cifar100)


def test_loading_needs_little_more_memory_than_the_arrays(tmp_path: Path):
    write_binary_cifar10(tmp_path / "cifar-10-batches-bin", pictures_in_a_batch=500)
    tracemalloc.start()
    arrays = load_named("cifar10", "fine", tmp_path)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 1.5 * arrays.pixels.nbytes
