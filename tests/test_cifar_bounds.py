"""A small archive or pickle that stands for very much is refused before it takes the memory, and its file is named."""

import gzip
import io
import lzma
import struct
import tarfile
from pathlib import Path

import numpy as np
import pytest
from attacks.mutations import COMPRESSED, attack_archives, attack_batches
from measured import Measured, measure
from test_cifar_binary import load_named
from test_cifar_pickles import ARRAY, python2_pickle, write_python_cifar10

from datasets.errors import UserError

pytestmark = pytest.mark.slow

LOAD = """
from datasets.sources.cifar.load_cifar import load
from datasets.sources.source import Places
nowhere = Path("/nowhere")
import pandas, tarfile, gzip, bz2, lzma
import datasets.sources.cifar.archive, datasets.sources.cifar.pickles
"""
CALL = 'load(sys.argv[2], "fine", Places(nowhere, nowhere, nowhere, Path(sys.argv[1])))'

FILES = {
    "cifar10": ([f"data_batch_{number}.bin" for number in range(1, 6)] + ["test_batch.bin"]),
    "cifar10 pickled": ([f"data_batch_{number}" for number in range(1, 6)] + ["test_batch"]),
    "cifar100": ["train.bin", "test.bin"],
    "cifar100 pickled": ["train", "test"],
}


def load_measured(place: Path, kind: str = "cifar10") -> Measured:
    return measure(LOAD, CALL, place, kind)


def zeros_in_tar(names: list[str], size_bytes: int) -> bytes:
    """Returns a tar archive whose first member has this size, of zeros, and the others one byte."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        for position, name in enumerate(names):
            member = tarfile.TarInfo(name)
            member.size = 1 if position else size_bytes
            tar.addfile(member, io.BytesIO(bytes(member.size)))
    return content.getvalue()


@pytest.mark.parametrize("files", FILES)
@pytest.mark.parametrize("suffix", [".tar", ".tar.gz"])
def test_a_member_larger_than_its_layout_allows_is_refused_before_it_is_read(
    tmp_path: Path, files: str, suffix: str
) -> None:
    archive = tmp_path / f"bomb{suffix}"
    archive.write_bytes(COMPRESSED[suffix](zeros_in_tar(FILES[files], 300_000_000)))
    measured = load_measured(archive, files.split()[0])
    assert f"{FILES[files][0]} has 300,000,000 bytes, and a file of CIFAR by that name has at most" in measured.outcome
    assert str(archive) in measured.outcome
    assert measured.megabytes < 20


def test_a_large_member_that_hides_behind_a_small_one_of_its_name_is_not_read(tmp_path: Path) -> None:
    names = FILES["cifar10"]
    archive = tmp_path / "bomb.tar.gz"
    archive.write_bytes(gzip.compress(zeros_in_tar([names[0], *names], 300_000_000)))
    measured = load_measured(archive)
    assert "is not whole records" in measured.outcome
    assert measured.megabytes < 20


def test_a_file_in_a_folder_is_bounded_as_well(tmp_path: Path) -> None:
    write_python_cifar10(tmp_path / "cifar-10-batches-py")
    with (tmp_path / "cifar-10-batches-py/test_batch").open("r+b") as file:
        file.truncate(10_000_000_000)
    assert "test_batch has 10,000,000,000 bytes" in load_measured(tmp_path).outcome


def member(name: str, kind: bytes, size_bytes: int) -> bytes:
    """Returns the header of a member."""
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, size_bytes
    return info.tobuf(tarfile.GNU_FORMAT)


TRICKS = {
    "a header of 600 MB": (member("x", tarfile.XHDTYPE, 600_000_000), 600),
    "a name of 600 MB": (member("x", tarfile.GNUTYPE_LONGNAME, 600_000_000), 600),
    "300,000 members": (member("x", tarfile.REGTYPE, 0) * 300_000, 0),
    "headers of headers": ((member("x", tarfile.GNUTYPE_LONGNAME, 1) + bytes(512)) * 20_000, 0),
    "a stretch of 2 GB": (member("x", tarfile.REGTYPE, 2_000_000_000), 1_200),
}


@pytest.mark.parametrize(("headers", "megabytes_of_zeros"), TRICKS.values(), ids=TRICKS)
def test_no_header_of_a_compressed_archive_takes_much_memory(
    tmp_path: Path, headers: bytes, megabytes_of_zeros: int
) -> None:
    with gzip.open(tmp_path / "bomb.tar.gz", "wb", 1) as file:
        file.write(headers)
        for _ in range(megabytes_of_zeros):
            file.write(bytes(1_000_000))
    measured = load_measured(tmp_path / "bomb.tar.gz")
    assert "bomb.tar.gz cannot be read as a tar archive" in measured.outcome
    assert measured.megabytes < 100


def test_a_dictionary_of_a_gigabyte_is_refused(tmp_path: Path) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}]
    packed = lzma.LZMACompressor(filters=filters, format=lzma.FORMAT_XZ)
    (tmp_path / "bomb.tar.xz").write_bytes(packed.compress(bytes(1000)) + packed.flush())
    assert "cannot be read as a tar archive: Memory usage limit" in load_measured(tmp_path / "bomb.tar.xz").outcome


ARRAY_OF_NUMPY = ARRAY % b"numpy.core.multiarray"
HOSTILE = {
    "a memo of 268 million": b"\x80\x02Nr\xff\xff\xff\x0f.",
    "a memo of 4 billion": b"\x80\x02Nr\xff\xff\xff\xff.",
    "bytes that are not there": b"\x80\x02T\xff\xff\xff\x7f.",
    "a long number": b"\x80\x02\x8b\xff\xff\xff\x7f.",
    "bytes to write to": b"\x80\x05\x96" + struct.pack("<Q", 1 << 40) + b".",
    "a frame of a terabyte": b"\x80\x04\x95" + struct.pack("<Q", 1 << 40) + b"N.",
    "ten million lists": b"\x80\x02" + b"]" * 10_000_000 + b".",
    "ten million sets": b"\x80\x04" + b"\x8f" * 10_000_000 + b".",
    "lists in lists": b"\x80\x02" + b"]" * 9_000 + b"a" * 8_999 + b".",
    "a list that is in itself": b"\x80\x02]q\x00" + b"h\x00a" * 9_000 + b".",
    "tuples of tuples as a key": b"\x80\x02})" + b"q\x00h\x00\x86" * 200 + b"Ns.",
    "tuples of tuples as a type": b"\x80\x02}(U\x04data"
    + ARRAY_OF_NUMPY
    + b"(K\x01K\x01M\x00\x0c\x86cnumpy\ndtype\n()"
    + b"q\x00h\x00\x86" * 200
    + b"tR\x89U\x01atbu.",
    "a text number of a million digits": b"\x80\x02L" + b"9" * 1_000_000 + b"L\n.",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_pickle_gets_no_memory_and_no_time_by_what_it_claims(tmp_path: Path, content: bytes) -> None:
    write_python_cifar10(tmp_path / "cifar-10-batches-py")
    (tmp_path / "cifar-10-batches-py/data_batch_2").write_bytes(content)
    measured = load_measured(tmp_path)
    assert "data_batch_2 is not a CIFAR batch pickled by Python" in measured.outcome
    assert measured.megabytes < 40
    assert measured.seconds < 2


def test_a_batch_with_more_pictures_than_its_layout_has_is_refused(tmp_path: Path) -> None:
    write_python_cifar10(tmp_path / "cifar-10-batches-py")
    batch = {b"data": np.zeros((10_001, 3072), np.uint8), b"labels": [1] * 10_001}
    (tmp_path / "cifar-10-batches-py/data_batch_2").write_bytes(python2_pickle(batch))
    with pytest.raises(UserError, match=r"data_batch_2 holds 10,001 pictures, expected 10,000 at most"):
        load_named("cifar10", "fine", tmp_path)


@pytest.mark.parametrize("seed", range(4))
def test_no_mutation_of_a_batch_does_more_than_be_refused(tmp_path: Path, seed: int) -> None:
    assert not [wrong for wrong in attack_batches(tmp_path, 100, seed) if wrong]


@pytest.mark.parametrize("suffix", COMPRESSED)
def test_no_mutation_of_an_archive_does_more_than_be_refused(tmp_path: Path, suffix: str) -> None:
    assert not [wrong for wrong in attack_archives(tmp_path, suffix, 60, seed=len(suffix)) if wrong]
