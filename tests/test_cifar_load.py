"""The places that CIFAR comes from: what the user names, a Keras cache, or the official archive."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from test_cifar_archive import pack
from test_cifar_binary import load_named, write_binary_cifar10, write_binary_cifar100
from test_cifar_pickles import write_python_cifar10, write_python_cifar100
from test_download import FileServer, server  # noqa: F401  (a fixture)

from datasets.download import Remote
from datasets.errors import UserError
from datasets.sources.cifar.classes import CIFAR10, CIFAR100_COARSE, CIFAR100_FINE
from datasets.sources.cifar.load_cifar import OFFICIAL, Official, find_local, load, read_official
from datasets.sources.source import Places

SAMPLE_COMMAND = "luigi --module pipeline FullReport --local-scheduler"


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "workspace", keras_home=tmp_path / "keras", downloads=tmp_path / "downloads")


@pytest.fixture
def official(tmp_path: Path, server: FileServer) -> Official:  # noqa: F811
    """A stand-in for the published archive of CIFAR-100: four training and two test pictures."""
    write_binary_cifar100(tmp_path / "published" / "cifar-100-binary")
    server.content = pack(tmp_path / "published.tar.gz", tmp_path / "published" / "cifar-100-binary").read_bytes()
    return Official(server.remote(hashlib.md5(server.content).hexdigest()), train_count=4, test_count=2)


def test_class_names_are_in_the_official_order():
    for names, count in [(CIFAR10, 10), (CIFAR100_FINE, 100), (CIFAR100_COARSE, 20)]:
        assert len(names) == len(set(names)) == count
        assert list(names) == sorted(names)  # as the official name files are


@pytest.mark.parametrize("packed_as", ["cifar-10-binary.tar.gz", "cifar-10-binary.tgz", "cifar-10-batches-bin.tar"])
def test_a_named_place_may_be_the_files_folder_the_one_around_it_or_hold_an_archive(tmp_path: Path, packed_as: str):
    around, holder = tmp_path / "around", tmp_path / "holder"
    write_binary_cifar10(around / "cifar-10-batches-bin")
    holder.mkdir()
    archive = pack(holder / packed_as, around / "cifar-10-batches-bin")
    pixels = load_named("cifar10", "fine", around / "cifar-10-batches-bin").pixels
    for place in (around, holder, archive):
        assert np.array_equal(load_named("cifar10", "fine", place).pixels, pixels)


def test_a_named_place_may_hold_the_python_layout(tmp_path: Path):
    write_python_cifar10(tmp_path / "around" / "cifar-10-batches-py")
    (tmp_path / "holder").mkdir()
    pack(tmp_path / "holder" / "cifar-10-python.tar.gz", tmp_path / "around" / "cifar-10-batches-py")
    for place in ("around", "around/cifar-10-batches-py", "holder"):
        assert load_named("cifar10", "fine", tmp_path / place).train_count == 15


def test_one_place_may_hold_both_kinds(tmp_path: Path):
    write_binary_cifar10(tmp_path / "cifar-10-batches-bin")
    write_binary_cifar100(tmp_path / "cifar-100-binary")
    assert load_named("cifar10", "fine", tmp_path).classes == CIFAR10
    assert load_named("cifar100", "coarse", tmp_path).classes == CIFAR100_COARSE


def test_a_named_place_without_the_kind_says_what_was_looked_for_and_nothing_else_is_tried(
    tmp_path: Path, places: Places
):
    write_python_cifar10(places.keras_home / "datasets" / "cifar-10-batches-py")
    write_binary_cifar100(tmp_path / "named" / "cifar-100-binary")
    named = places._replace(archives=tmp_path / "named")
    with pytest.raises(UserError) as error:
        load("cifar10", "fine", named)
    for word in (str(tmp_path / "named"), "data_batch_1.bin", "cifar-10-batches-py", "cifar-10-binary.tar.gz"):
        assert word in str(error.value)


def test_a_named_place_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(UserError, match=r"nowhere does not exist.*\[cifar\] archives"):
        load_named("cifar10", "fine", tmp_path / "nowhere")


def test_a_place_that_cannot_be_looked_into_is_told_when_named_and_passed_over_as_a_cache(
    tmp_path: Path, places: Places
):
    unreadable = tmp_path / ("x" * 300)  # longer than any file system takes
    with pytest.raises(UserError, match=r"cannot be looked into: .*too long"):
        load_named("cifar10", "fine", unreadable)
    assert find_local("cifar10", places._replace(keras_home=unreadable)) is None


def test_missing_files_are_named(tmp_path: Path):
    write_binary_cifar10(tmp_path / "cifar-10-batches-bin")
    for name in ("data_batch_2.bin", "test_batch.bin"):
        (tmp_path / "cifar-10-batches-bin" / name).unlink()
    with pytest.raises(UserError, match=r"cifar-10-batches-bin lacks data_batch_2\.bin, test_batch\.bin\."):
        load_named("cifar10", "fine", tmp_path)


KERAS_FOLDERS = ["{0}", "{0}/{0}", "{0}-target/{0}"]
KERAS_ARCHIVES = ["{0}.tar.gz", "{0}_archive", "{0}-target_archive"]


@pytest.mark.parametrize("folder", KERAS_FOLDERS)
def test_every_keras_folder_is_read(places: Places, folder: str):
    write_python_cifar10(places.keras_home / "datasets" / folder.format("cifar-10-batches-py"))
    write_python_cifar100(places.keras_home / "datasets" / folder.format("cifar-100-python"))
    assert load("cifar10", "fine", places).train_count == 15
    assert load("cifar100", "fine", places).train_count == 4


@pytest.mark.parametrize("name", KERAS_ARCHIVES)
def test_every_keras_archive_is_read(tmp_path: Path, places: Places, name: str):
    write_python_cifar100(tmp_path / "cifar-100-python")
    packed = pack(tmp_path / "packed.tar.gz", tmp_path / "cifar-100-python")
    (places.keras_home / "datasets").mkdir(parents=True)
    packed.rename(places.keras_home / "datasets" / name.format("cifar-100-python"))
    assert load("cifar100", "coarse", places).labels.tolist() == [1, 1, 1, 1, 2, 2]


def test_what_the_user_names_comes_before_a_keras_cache(tmp_path: Path, places: Places):
    write_python_cifar100(places.keras_home / "datasets" / "cifar-100-python")
    write_binary_cifar100(tmp_path / "named")
    (tmp_path / "named" / "train.bin").write_bytes(bytes(3074))
    named = places._replace(archives=tmp_path / "named")
    assert load("cifar100", "fine", named).train_count == 1


def test_a_keras_cache_without_all_files_is_passed_over(places: Places):
    write_python_cifar100(places.keras_home / "datasets" / "cifar-100-python")
    (places.keras_home / "datasets" / "cifar-100-python" / "test").unlink()
    assert find_local("cifar100", places) is None


def test_the_official_archive_is_downloaded_kept_and_read(places: Places, official: Official):
    arrays = read_official("cifar100", "fine", places, official)
    assert arrays.labels.tolist() == [90, 91, 92, 93, 40, 41]
    kept = Official(Remote(f"http://127.0.0.1:9/{official.remote.name}", official.remote.md5), 4, 2)
    again = read_official("cifar100", "fine", places, kept)  # from an address where nobody answers
    assert np.array_equal(again.pixels, arrays.pixels)


@pytest.mark.parametrize("counts", [(5, 2), (4, 3)])
def test_a_download_must_hold_the_official_number_of_pictures(
    places: Places, official: Official, counts: tuple[int, int]
):
    with pytest.raises(UserError, match=f"4 training and 2 test pictures, expected {counts[0]} and {counts[1]}"):
        read_official("cifar100", "fine", places, Official(official.remote, *counts))


def test_without_a_network_one_error_names_every_way_on(places: Places):
    nobody = Official(Remote("http://127.0.0.1:9/cifar-10-binary.tar.gz", "0" * 32), 50_000, 10_000)
    with pytest.raises(UserError) as error:
        read_official("cifar10", "fine", places, nobody)
    archive = str(places.downloads / "cifar-10-binary.tar.gz")
    for way in (nobody.remote.address, archive, "[cifar]", "luigi.cfg", SAMPLE_COMMAND):
        assert way in str(error.value)


@pytest.mark.parametrize("kind", ["cifar10", "cifar100"])
def test_the_last_place_is_the_downloads_and_needs_the_official_md5(places: Places, kind: str):
    remote = OFFICIAL[kind].remote
    places.downloads.mkdir()
    (places.downloads / remote.name).write_bytes(b"something else")
    with pytest.raises(UserError, match=f"{remote.name} is not what {remote.address} holds: .* {remote.md5}"):
        load(kind, "fine", places)


@pytest.mark.parametrize(
    ("kind", "labels", "told"),
    [
        ("cifar10", "coarse", "cifar10 has no 'coarse' labels: set labels to fine"),
        ("cifar100", "medium", "set labels to fine or coarse"),
        ("cifar20", "fine", "choose one of cifar10, cifar100"),
    ],
)
def test_a_misspelt_kind_or_label_set_names_those_there_are(places: Places, kind: str, labels: str, told: str):
    with pytest.raises(UserError, match=told):
        load(kind, labels, places)
