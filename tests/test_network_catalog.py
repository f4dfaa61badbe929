"""Tests that networks of other packages are found by their entry points, and used as the built-in ones are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

NETWORK = """
from models.networks.network import Network


def body(recipe, x, shape):
    from keras import layers

    return layers.Flatten(name="flatten")(layers.AveragePooling2D(4, name="pooling")(x))


network = Network(body=body, smallest_side=4, has_convolutions=False)
"""


def install(folder: Path, entry: str, source: str = NETWORK) -> None:
    """Makes a package `blurred` in a folder, with an entry point as pip would write it."""
    (folder / "blurred.py").write_text(source, encoding="utf-8")
    described = folder / "blurred_pictures-1.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: blurred-pictures\nVersion: 1.0\n")
    (described / "entry_points.txt").write_text(f"[pigeonhole.networks]\n{entry}\n")


def run(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Runs Python where the packages of a folder are installed."""
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", ""), str(Path.cwd())])
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def refused(folder: Path, code: str) -> str:
    """Returns the last line of what an error says."""
    ran = run(folder, code)
    assert ran.returncode
    return ran.stderr.strip().splitlines()[-1]


FIND = "from models.networks.catalog import find_network; find_network('blurred')"


def test_names_are_listed_without_importing_a_network_or_keras(tmp_path: Path) -> None:
    install(tmp_path, "blurred = blurred:network", source="raise SystemExit('imported')")
    listing = run(
        tmp_path,
        "import sys; from models.networks.catalog import network_names, network_reference; names = network_names()\n"
        "assert {'blurred', 'whitened', 'linear_head'} <= set(names), names\n"
        "assert network_reference('whitened') == 'models.networks.whitened:network'\n"
        "assert network_reference('blurred') == 'blurred:network'\n"
        "assert not {'keras', 'tensorflow', 'blurred', 'models.networks.whitened'} & set(sys.modules)",
    )
    assert (listing.returncode, listing.stderr) == (0, "")


def test_every_built_in_network_is_found_without_loading_keras(tmp_path: Path) -> None:
    found = run(
        tmp_path,
        "import sys; from models.networks.catalog import find_network, network_names\n"
        "assert all(find_network(name).body for name in network_names()) and len(network_names()) > 12\n"
        "assert not {'keras', 'tensorflow'} & set(sys.modules)",
    )
    assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.slow
def test_a_recipe_is_built_on_the_network_of_another_package(tmp_path: Path) -> None:
    install(tmp_path, "blurred = blurred:network")
    built = run(
        tmp_path,
        "import numpy as np\n"
        "from models.building.assembly import assemble\n"
        "from models.recipes.lookup import resolve\n"
        "recipe = resolve('plain', {}, {'network': 'blurred'})\n"
        "model = assemble(recipe, np.zeros((1, 8, 8, 3), np.uint8), 5)\n"
        "print(model.name, model.output.shape, [layer.name for layer in model.layers])",
    )
    assert built.stdout == ("blurred (None, 5) ['pictures', 'rescaling', 'pooling', 'flatten', 'probabilities']\n"), (
        built.stderr
    )


def test_what_its_network_cannot_do_is_refused_as_for_a_built_in_one(tmp_path: Path) -> None:
    install(tmp_path, "blurred = blurred:network")
    said = refused(
        tmp_path,
        "from models.recipes.lookup import resolve\nresolve('plain', {}, {'network': 'blurred', 'widths': (8,)})",
    )
    assert "blurred has no widths; leave widths out, or choose another network" in said


@pytest.mark.parametrize(
    ("entry", "source", "told"),
    [
        (
            "blurred = blurred:nothing",
            NETWORK,
            "blurred of the package blurred-pictures cannot be loaded from blurred:",
        ),
        (
            "blurred = blurred:network",
            NETWORK.replace("smallest_side", "least_side"),
            "blurred of the package blurred-pictures cannot be loaded from blurred:network: ",
        ),
        (
            "blurred = blurred:body",
            NETWORK,
            "the package blurred-pictures offers the network blurred as blurred:body, ",
        ),
        (
            "whitened = blurred:network",
            NETWORK,
            "the package blurred-pictures offers whitened among pigeonhole.networks",
        ),
    ],
)
def test_a_mistake_of_a_package_is_told_with_its_name(tmp_path: Path, entry: str, source: str, told: str) -> None:
    install(tmp_path, entry, source)
    said = refused(tmp_path, FIND)
    assert told in said
    assert said.startswith("datasets.errors.UserError: ")
    assert "blurred-pictures" in said


def test_a_misspelt_network_is_told_with_the_nearest_one(tmp_path: Path) -> None:
    install(tmp_path, "blurred = blurred:network")
    said = refused(tmp_path, "from models.recipes.lookup import resolve\nresolve('plain', {}, {'network': 'blured'})")
    assert "there is no network 'blured': did you mean 'blurred'?" in said
