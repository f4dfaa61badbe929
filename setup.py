"""Adds the packages of requirements.txt, the one list of them, to what pyproject.toml says of the wheel."""

from pathlib import Path

from setuptools import setup


def read_requirements(file: Path) -> list[str]:
    """Returns the packages that a requirements file names, without its comments and options."""
    lines = (line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("-")]


setup(install_requires=read_requirements(Path(__file__).with_name("requirements.txt")))
