"""The wheel brings every file of the rooms, and says which packages it needs."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
ROOMS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["root_packages"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZipFile]:
    """The wheel, built from the files that git would commit."""
    folder = tmp_path_factory.mktemp("wheel")
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (folder / "source" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "source" / name).write_bytes((ROOT / name).read_bytes())
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder)]
    subprocess.run([*build, str(folder / "source")], check=True)
    (file,) = folder.glob("pigeonhole-*.whl")
    with ZipFile(file) as opened:
        yield opened


def read_metadata(wheel: ZipFile, name: str) -> bytes:
    """Returns the content of a file of the wheel's metadata."""
    (path,) = (path for path in wheel.namelist() if path.endswith(f".dist-info/{name}"))
    return wheel.read(path)


def test_every_file_of_a_room_is_in_the_wheel_and_nothing_else(wheel: ZipFile) -> None:
    files = (path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file())
    expected = {path.relative_to(ROOT).as_posix() for path in files if path.suffix != ".pyc"}
    assert {path for path in wheel.namelist() if ".dist-info/" not in path} == expected


def test_every_room_tells_type_checkers_that_it_has_types(wheel: ZipFile) -> None:
    assert {f"{room}/py.typed" for room in ROOMS} <= set(wheel.namelist())


def test_the_wheel_needs_the_packages_of_requirements_txt(wheel: ZipFile) -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    listed = {line.partition("#")[0].strip() for line in lines} - {"", "-e ."}
    assert set(message_from_bytes(read_metadata(wheel, "METADATA")).get_all("Requires-Dist")) == listed


def test_the_wheel_brings_the_command_pigeonhole(wheel: ZipFile) -> None:
    assert b"pigeonhole = pipeline.__main__:start" in read_metadata(wheel, "entry_points.txt")


def test_the_changelog_tells_of_the_version(wheel: ZipFile) -> None:
    version = message_from_bytes(read_metadata(wheel, "METADATA"))["Version"]
    assert f"\n## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
