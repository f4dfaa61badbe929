"""The reader of CIFAR in tar archives."""

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from test_cifar_binary import load_named, write_binary_cifar100
from test_cifar_pickles import write_python_cifar100

from datasets.errors import UserError

Member = tuple[str, bytes, str]  # name, type, what it links to


def pack(archive: Path, folder: Path, extra_members: list[Member] | None = None) -> Path:
    """Writes an archive of a folder, compressed as its name says, with any members that are given."""
    compression = archive.suffix[1:].replace("tgz", "gz").replace("tar", "")
    with tarfile.open(archive, f"w:{compression}") as tar:
        tar.add(folder, folder.name)
        for name, kind, target in extra_members or []:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, target
            tar.addfile(member)
    return archive


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_binary_cifar100(tmp_path / "unpacked" / "cifar-100-binary")
    return tmp_path / "unpacked" / "cifar-100-binary"


@pytest.mark.parametrize("name", ["mine.tar", "mine.tar.gz", "mine.tgz", "mine.tar.xz", "mine.tar.bz2"])
@pytest.mark.parametrize("write", [write_binary_cifar100, write_python_cifar100])
def test_an_archive_gives_what_its_folder_gives(tmp_path: Path, name: str, write: Callable[[Path], None]):
    write(tmp_path / "any name")
    packed = load_named("cifar100", "fine", pack(tmp_path / name, tmp_path / "any name"))
    unpacked = load_named("cifar100", "fine", tmp_path / "any name")
    assert np.array_equal(packed.pixels, unpacked.pixels)
    assert np.array_equal(packed.labels, unpacked.labels)
    assert packed.train_count == unpacked.train_count == 4


def test_the_order_of_members_does_not_matter(folder: Path, tmp_path: Path):
    with tarfile.open(tmp_path / "mine.tar", "w") as tar:
        for name in ("test.bin", "train.bin"):
            tar.add(folder / name, f"./cifar-100-binary/{name}")
    assert load_named("cifar100", "fine", tmp_path / "mine.tar").labels.tolist() == [90, 91, 92, 93, 40, 41]


def test_reading_an_archive_leaves_nothing_on_the_disk(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    archive = pack(tmp_path / "mine.tar.gz", folder)
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    load_named("cifar100", "fine", archive)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "member",
    [
        ("../outside", tarfile.REGTYPE, ""),
        ("a/../../outside", tarfile.REGTYPE, ""),
        ("/absolute", tarfile.REGTYPE, ""),
        ("C:\\absolute", tarfile.REGTYPE, ""),
        ("..\\outside", tarfile.REGTYPE, ""),
        ("..", tarfile.DIRTYPE, ""),
        ("link", tarfile.SYMTYPE, "/etc/passwd"),
        ("link", tarfile.SYMTYPE, "../outside"),
        ("deep/link", tarfile.SYMTYPE, "../../outside"),
        ("deep/link", tarfile.LNKTYPE, "../outside"),
        ("link", tarfile.LNKTYPE, "/etc/passwd"),
        ("device", tarfile.CHRTYPE, ""),
        ("disk", tarfile.BLKTYPE, ""),
        ("pipe", tarfile.FIFOTYPE, ""),
    ],
)
def test_an_archive_with_a_harmful_member_is_refused_by_name(folder: Path, tmp_path: Path, member: Member):
    archive = pack(tmp_path / "mine.tar.gz", folder, [member])
    with pytest.raises(UserError) as refusal:
        load_named("cifar100", "fine", archive)
    assert str(archive) in str(refusal.value)
    assert repr(member[0]) in str(refusal.value)


def test_links_that_stay_inside_do_no_harm(folder: Path, tmp_path: Path):
    members = [
        ("deep/link", tarfile.SYMTYPE, "../cifar-100-binary"),
        ("l", tarfile.LNKTYPE, "cifar-100-binary/test.bin"),
    ]
    assert len(load_named("cifar100", "fine", pack(tmp_path / "mine.tar", folder, members)).labels) == 6


@pytest.mark.parametrize("name", ["mine.tar", "mine.tar.gz", "mine.tar.xz", "mine.tar.bz2"])
@pytest.mark.parametrize("kept", [0, 0.01, 0.3, 0.7])
def test_an_archive_cut_short_is_named(folder: Path, tmp_path: Path, name: str, kept: float):
    archive = pack(tmp_path / name, folder)
    content = archive.read_bytes()
    archive.write_bytes(content[: int(kept * len(content))])
    with pytest.raises(UserError, match=name.replace(".", r"\.")):
        load_named("cifar100", "fine", archive)


def test_a_pixel_changed_within_a_compressed_archive_is_noticed(folder: Path, tmp_path: Path):
    plain = pack(tmp_path / "mine.tar", folder).read_bytes()
    damaged = bytearray(gzip.compress(plain, compresslevel=0))  # stored as it is: only the checksum can tell
    pixel = damaged.index((folder / "train.bin").read_bytes()[1000:1020])
    damaged[pixel] ^= 1
    (tmp_path / "mine.tar.gz").write_bytes(damaged)
    with pytest.raises(UserError, match=r"mine\.tar\.gz cannot be read as a tar archive: CRC"):
        load_named("cifar100", "fine", tmp_path / "mine.tar.gz")


@pytest.mark.parametrize("name", ["mine.tar.gz", "mine.tar.xz", "mine.tar.bz2"])
def test_no_damage_to_a_compressed_archive_goes_unnoticed(folder: Path, tmp_path: Path, name: str):
    compressible = np.random.default_rng(1).integers(0, 3, 40 * 3074, dtype=np.uint8)
    (folder / "train.bin").write_bytes(compressible.tobytes())
    content = pack(tmp_path / "sound.tar", folder).read_bytes()
    sound = load_named("cifar100", "fine", tmp_path / "sound.tar")
    compressed = {".gz": gzip, ".xz": lzma, ".bz2": bz2}[Path(name).suffix].compress(content)
    for position in range(0, len(compressed), len(compressed) // 60):
        (tmp_path / name).write_bytes(compressed[:position] + b"\xff" + compressed[position + 1 :])
        with suppress(UserError):  # else what changed was the date, or some other byte that no picture depends on
            assert np.array_equal(load_named("cifar100", "fine", tmp_path / name).pixels, sound.pixels)


def test_a_member_with_a_broken_header_is_an_error_that_names_the_archive(folder: Path, tmp_path: Path):
    with tarfile.open(tmp_path / "mine.tar", "w") as tar:
        tar.add(folder, folder.name)
        member = tarfile.TarInfo("sparse")
        member.size, member.pax_headers = 512, {"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}
        tar.addfile(member, io.BytesIO(b"no number\n" * 60))
    with pytest.raises(UserError, match=r"mine\.tar cannot be read as a tar archive"):
        load_named("cifar100", "fine", tmp_path / "mine.tar")


def test_what_is_no_archive_is_named(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("not an archive\n" * 100)
    with pytest.raises(UserError, match=r"notes\.txt cannot be read as a tar archive"):
        load_named("cifar100", "fine", tmp_path / "notes.txt")


def test_a_damaged_file_within_an_archive_is_named_with_it(folder: Path, tmp_path: Path):
    (folder / "test.bin").write_bytes(b"short")
    with pytest.raises(UserError, match=r"mine\.tar \(cifar-100-binary/test\.bin\) is not whole records"):
        load_named("cifar100", "fine", pack(tmp_path / "mine.tar", folder))


def test_an_archive_without_all_files_names_those_it_lacks(folder: Path, tmp_path: Path):
    (folder / "test.bin").unlink()
    with pytest.raises(UserError, match=r"mine\.tar lacks test\.bin\."):
        load_named("cifar100", "fine", pack(tmp_path / "mine.tar", folder))


def test_a_sparse_member_is_not_taken_for_a_file(folder: Path, tmp_path: Path):
    archive = tmp_path / "mine.tar"
    with tarfile.open(archive, "w", format=tarfile.GNU_FORMAT) as tar:
        tar.add(folder / "train.bin", "train.bin")
        sparse = tarfile.TarInfo("test.bin")
        sparse.type = tarfile.GNUTYPE_SPARSE
        tar.addfile(sparse, io.BytesIO())
    with pytest.raises(UserError, match=r"lacks test\.bin"):
        load_named("cifar100", "fine", archive)
