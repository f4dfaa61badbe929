"""The Python layout of CIFAR: batches pickled by Python 2."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_cifar_binary import CIFAR10_BATCHES, load_named, random_planes, write_binary_cifar10, write_binary_cifar100

from datasets.errors import UserError

ARRAY = b"c%s\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85U\x01btR"
TYPE = b"cnumpy\ndtype\n(U\x02u1K\x00K\x01tR(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"


def python2_pickle(batch: dict[bytes, Any], numpy_module: bytes = b"numpy.core.multiarray") -> bytes:
    """Returns a pickle as Python 2 and an old numpy wrote it: protocol 2, with text and keys as byte strings."""
    return b"\x80\x02}(" + b"".join(_string(key) + _value(batch[key], numpy_module) for key in batch) + b"u."


def _string(text: bytes) -> bytes:
    return b"U" + bytes([len(text)]) + text


def _value(value: Any, numpy_module: bytes) -> bytes:
    if isinstance(value, np.ndarray):
        rows, columns = (b"J" + count.to_bytes(4, "little") for count in value.shape)
        content = b"T" + value.size.to_bytes(4, "little") + value.tobytes()
        return ARRAY % numpy_module + b"(K\x01" + rows + columns + b"\x86" + TYPE + b"\x89" + content + b"tb"
    if isinstance(value, list):
        return b"](" + b"".join(_value(item, numpy_module) for item in value) + b"e"
    return _string(value) if isinstance(value, bytes) else b"K" + bytes([value])


def write_python_cifar10(folder: Path) -> None:
    """Writes the same pictures and labels as write_binary_cifar10."""
    folder.mkdir(parents=True)
    for batch, name in enumerate(CIFAR10_BATCHES):
        labels = [batch + picture for picture in range(3)]
        names = [f"frog_{picture}.png".encode() for picture in range(3)]
        content = {b"batch_label": b"a", b"labels": labels, b"data": random_planes(3, batch), b"filenames": names}
        (folder / name).write_bytes(python2_pickle(content))


def write_python_cifar100(folder: Path) -> None:
    """Writes the same pictures and labels as write_binary_cifar100."""
    folder.mkdir(parents=True)
    for name, count, coarse, first_fine in [("train", 4, 1, 90), ("test", 2, 2, 40)]:
        fine = [first_fine + picture for picture in range(count)]
        content = {b"data": random_planes(count, count), b"coarse_labels": [coarse] * count, b"fine_labels": fine}
        (folder / name).write_bytes(python2_pickle(content))


@pytest.fixture
def cifar10(tmp_path: Path) -> Path:
    write_python_cifar10(tmp_path / "cifar-10-batches-py")
    return tmp_path / "cifar-10-batches-py"


def test_both_layouts_of_cifar10_give_the_same_arrays(cifar10: Path, tmp_path: Path):
    write_binary_cifar10(tmp_path / "binary")
    ours, theirs = load_named("cifar10", "fine", cifar10), load_named("cifar10", "fine", tmp_path / "binary")
    assert np.array_equal(ours.pixels, theirs.pixels)
    assert np.array_equal(ours.labels, theirs.labels)
    assert (ours.classes, ours.train_count) == (theirs.classes, theirs.train_count)


@pytest.mark.parametrize("labels", ["fine", "coarse"])
def test_both_layouts_of_cifar100_give_the_same_arrays(tmp_path: Path, labels: str):
    write_python_cifar100(tmp_path / "python")
    write_binary_cifar100(tmp_path / "binary")
    ours, theirs = (load_named("cifar100", labels, tmp_path / layout) for layout in ("python", "binary"))
    assert np.array_equal(ours.pixels, theirs.pixels)
    assert np.array_equal(ours.labels, theirs.labels)


@pytest.mark.parametrize("protocol", [3, 4])
@pytest.mark.parametrize("order", ["C", "F"])
def test_what_the_installed_numpy_pickles_is_read_too(cifar10: Path, protocol: int, order: Any):
    planes = random_planes(5, seed=9)
    content = {b"data": np.asarray(planes, order=order), b"labels": [1, 2, 3, 4, 5]}
    (cifar10 / "data_batch_1").write_bytes(pickle.dumps(content, protocol))
    arrays = load_named("cifar10", "fine", cifar10)
    assert np.array_equal(arrays.pixels[:5], planes.reshape(5, 3, 32, 32).transpose(0, 2, 3, 1))
    assert arrays.labels[:5].tolist() == [1, 2, 3, 4, 5]


def test_the_newer_name_of_numpys_core_is_admitted(cifar10: Path):
    content = python2_pickle({b"data": random_planes(1, 1), b"labels": [7]}, b"numpy._core.multiarray")
    (cifar10 / "test_batch").write_bytes(content)
    assert load_named("cifar10", "fine", cifar10).labels[-1] == 7


PLANES = random_planes(2, 1)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({b"labels": [1, 2]}, "has no 'data'"),
        ({b"data": PLANES}, "has no 'labels'"),
        ({b"data": PLANES, b"fine_labels": [1, 2]}, "has no 'labels'"),
        ({"data": PLANES, "labels": [1, 2]}, "has no 'data'"),
        ({b"data": [1, 2], b"labels": [1, 2]}, "'data' is not an array"),
        ({b"data": PLANES[:, :3000], b"labels": [1, 2]}, r"shape \(2, 3000\), expected \(pictures, 3072\)"),
        ({b"data": np.zeros((2, 3072, 2), np.uint8), b"labels": [1, 2]}, r"shape \(2, 3072, 2\)"),
        ({b"data": PLANES.astype(np.float32), b"labels": [1, 2]}, "array of type 'f4'"),
        ({b"data": PLANES, b"labels": [1]}, "1 'labels' for 2 pictures"),
        ({b"data": PLANES, b"labels": (1, 2)}, "not a list of whole numbers"),
        ({b"data": PLANES, b"labels": [1, 2.5]}, "not a list of whole numbers"),
        ({b"data": PLANES, b"labels": [1, 1 << 80]}, "too large"),
        ([1, 2], "has no 'data'"),
    ],
)
def test_a_batch_of_another_make_says_what_is_wrong_with_it(cifar10: Path, content: Any, told: str):
    (cifar10 / "test_batch").write_bytes(pickle.dumps(content, 3))
    with pytest.raises(UserError, match=f"test_batch is not a CIFAR batch .*{told}"):
        load_named("cifar10", "fine", cifar10)


@pytest.mark.parametrize("label", [-1, 10])
def test_a_label_out_of_range_names_the_file_and_the_record(cifar10: Path, label: int):
    (cifar10 / "test_batch").write_bytes(pickle.dumps({b"data": PLANES, b"labels": [0, label]}, 3))
    with pytest.raises(UserError, match=f"test_batch: record 1 .* fine label {label}, expected 0 to 9"):
        load_named("cifar10", "fine", cifar10)


@pytest.mark.parametrize("kept_bytes", [0, 1, 2, 100, 5000, -1])
def test_a_pickle_cut_short_is_named(cifar10: Path, kept_bytes: int):
    file = cifar10 / "data_batch_2"
    file.write_bytes(file.read_bytes()[:kept_bytes])
    with pytest.raises(UserError, match="data_batch_2"):
        load_named("cifar10", "fine", cifar10)


def test_a_batch_without_pictures_is_named(cifar10: Path):
    (cifar10 / "data_batch_2").write_bytes(pickle.dumps({b"data": PLANES[:0], b"labels": []}, 3))
    with pytest.raises(UserError, match="data_batch_2 is empty"):
        load_named("cifar10", "fine", cifar10)
