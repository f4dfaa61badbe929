"""A pickle that tries to do more than be read is refused, and its file is named."""

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_cifar_binary import CIFAR10_BATCHES, load_named
from test_cifar_pickles import ARRAY, TYPE, write_python_cifar10

from datasets.errors import UserError


@pytest.fixture
def cifar10(tmp_path: Path) -> Path:
    write_python_cifar10(tmp_path / "cifar-10-batches-py")
    return tmp_path / "cifar-10-batches-py"


class Calling:
    """An object that is pickled as a call of some function, which unpickling would make."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (os.mkdir, ["made"]),
        (eval, ["__import__('os').mkdir('made')"]),
        (getattr, ["text", "upper"]),
        (np.save, ["made", 1]),
    ],
)
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_a_pickle_that_calls_anything_is_refused_by_name(
    cifar10: Path, monkeypatch: pytest.MonkeyPatch, function: Callable[..., Any], arguments: list[Any], protocol: int
):
    monkeypatch.chdir(cifar10)
    (cifar10 / "data_batch_3").write_bytes(pickle.dumps(Calling(function, *arguments), protocol))
    with pytest.raises(UserError, match=rf"data_batch_3 is not .* it asks for \S+\.{function.__name__}, which no"):
        load_named("cifar10", "fine", cifar10)
    assert sorted(path.name for path in cifar10.iterdir()) == sorted(CIFAR10_BATCHES)


NDARRAY, RECONSTRUCT, DTYPE = b"cnumpy\nndarray\n", b"cnumpy.core.multiarray\n_reconstruct\n", b"cnumpy\ndtype\n"
EMPTY_ARRAY = ARRAY % b"numpy.core.multiarray"


@pytest.mark.parametrize(
    "data",
    [
        NDARRAY,
        NDARRAY + b"(K\x02tR",  # makes an array directly
        NDARRAY + b")\x81",
        NDARRAY + b"}U\x01aK\x01sb",  # changes the class
        RECONSTRUCT,
        RECONSTRUCT + b")R",
        RECONSTRUCT + b")\x81",  # without its constructor
        RECONSTRUCT + b"}U\x01aK\x01sb",
        RECONSTRUCT + b"N}U\x0c__setstate__Ns\x86b",
        EMPTY_ARRAY,
        EMPTY_ARRAY + b"Nb",
        EMPTY_ARRAY + b"(K\x01tb",
        EMPTY_ARRAY + b"(K\x01K\x01M\x00\x0c\x86" + TYPE + b"\x89U\x04lesstb",  # more shape than bytes
        EMPTY_ARRAY + b"(K\x01J\xfe\xff\xff\xffM\x00\x0c\x86" + TYPE + b"\x89U\x04lesstb",  # -2 rows
        EMPTY_ARRAY + b"(K\x01K\x00M\x00\x0c\x86" + DTYPE + b"(U\x02O8K\x00K\x01tR\x89](}e" + b"tb",
        EMPTY_ARRAY + b"(K\x01K\x00M\x00\x0c\x86" + DTYPE + b")\x81\x89U\x00tb",
        EMPTY_ARRAY + b"(K\x01K\x00M\x00\x0c\x86" + TYPE + b"\x89](K\x01etb",  # objects for bytes
        EMPTY_ARRAY + b"(K\x01K\x01\x85" + TYPE + b"\x89U\x01atb",  # one dimension
        DTYPE + b"(U\x02u1tR",
        b"](K\x01e",
        b"\x94" * 5,
        b"0000",
        b"j\xff\xff\xff\x00",
    ],
)
def test_no_trick_with_what_is_admitted_does_more_than_be_refused(cifar10: Path, data: bytes):
    (cifar10 / "data_batch_1").write_bytes(b"\x80\x02}(U\x04data" + data + b"U\x06labels](K\x01eu.")
    with pytest.raises(UserError, match="data_batch_1 is not a CIFAR batch"):
        load_named("cifar10", "fine", cifar10)


def test_a_hostile_name_does_not_flood_the_message(cifar10: Path):
    (cifar10 / "data_batch_2").write_bytes(b"c" + b"x" * 100_000 + b"\nname\n.")
    with pytest.raises(UserError) as refusal:
        load_named("cifar10", "fine", cifar10)
    assert len(str(refusal.value)) < 600


def test_arrays_of_objects_are_refused(cifar10: Path):
    content = {b"data": np.array([[None] * 3072], object), b"labels": [1]}
    (cifar10 / "data_batch_2").write_bytes(pickle.dumps(content, 3))
    with pytest.raises(UserError, match=r"data_batch_2 .* array of type 'O8', expected uint8"):
        load_named("cifar10", "fine", cifar10)
