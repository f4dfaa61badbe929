"""The sheets of an explanation, drawn from small real files, and what the page says of it."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from explained_run import SIDE, write_explanation
from page_inputs import ReadPage, write_and_read, write_inputs
from PIL import Image

from reports.content import Page
from reports.drawing import style
from reports.drawing.channels import file_of
from reports.drawing.gradcam import draw_gradcam
from reports.facts import explanation

CLASSES = ["cat", "dog"]
CHANNELS = ("001-convolution_1.png", "002-pooling_1.png")  # a slash in a layer's name is none in a file's


def drawn(folder: Path, name: str = "explain", **options) -> Path:
    plots_dir = folder / f"{name} plots"
    plots_dir.mkdir()
    write_explanation(folder / name, plots_dir, CLASSES, **options)
    return plots_dir


def read_files(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*.png")}


def test_sheets_drawn_twice_have_the_same_bytes(tmp_path):
    first, second = (read_files(drawn(tmp_path, name)) for name in ("first", "second"))
    assert first == second
    assert set(first) == {"gradcam.png", "first_layer.png", *(f"channels/{name}" for name in CHANNELS)}


def test_a_layers_name_of_any_kind_makes_a_file_in_the_folder_of_channels():
    hostile = "../../block/1 <b>\n\udcff" + "x" * 300
    name = file_of({"number": "12", "layer": hostile})
    assert name.startswith("012-.._.._block_1__b__")
    assert not {"/", "\n", "<"} & set(name)
    assert len(name) < 80


def test_every_channel_is_on_its_layers_sheet(tmp_path):
    plots_dir = drawn(tmp_path, channels=9)
    with np.load(tmp_path / "explain/activations.npz") as kept:
        channels = kept["1"]
    with Image.open(plots_dir / "channels" / CHANNELS[0]) as sheet:
        places = np.asarray(sheet)
    step = 64 // SIDE
    shown = [
        places[30 + row * 66 : 30 + row * 66 + 64 : step, column * 66 : column * 66 + 64 : step]
        for row, column in [*((0, column) for column in range(8)), (1, 0)]
    ]
    np.testing.assert_array_equal(shown, channels.astype(int) * 223 // 255)
    assert (places[30 + 66 :, 66:] == 224).all()  # nothing beside the ninth


def test_heat_lies_over_the_picture_and_where_there_is_none_the_picture_is_grey(tmp_path):
    drawn(tmp_path)
    folder = tmp_path / "explain"
    with np.load(folder / "gradcam.npz") as kept:
        pixels = kept["pixels"]
    heat = np.zeros((3, 4, 4), np.uint8)
    heat[0, :, 2:] = 255
    np.savez(folder / "gradcam.npz", pixels=pixels, heat=heat)
    draw_gradcam(folder, tmp_path / "gradcam.png", "plain")
    with Image.open(tmp_path / "gradcam.png") as sheet:
        beside = np.asarray(sheet.convert("RGB"), int)[60:156, 120:216]
    spread = beside.max(axis=2) - beside.min(axis=2)
    assert spread[:, :24].max() == 0
    assert spread[:, 72:].min() > 60


def test_nothing_is_drawn_of_a_network_without_rows_and_columns(tmp_path):
    (tmp_path / "explained.csv").write_text(
        "path,true,predicted,role,looked_at,probability\na.png,cat,dog,channels,dog,1\n"
    )
    draw_gradcam(tmp_path, tmp_path / "gradcam.png", "plain")
    assert not (tmp_path / "gradcam.png").exists()


@pytest.fixture
def content(tmp_path: Path) -> Page:
    return write_inputs(tmp_path, CLASSES)


def read(content: Page, folder: Path) -> ReadPage:
    return write_and_read(folder / "report.html", content)


@pytest.mark.slow
def test_the_page_shows_layers_heat_and_channels_of_each_run(content, tmp_path):
    page = read(content, tmp_path)
    text = " ".join(page.text.split())
    assert "2 layers, 504 parameters, all trained" in text
    assert "Measured at the layer convolution_1, which divides a picture into 8 x 8 places" in text
    assert "channels 4 and 7 of the first convolution, convolution_1" in text
    alts = [attributes["alt"] for _, attributes in page.all("img")]
    assert alts.count("what each channel of pooling/1, 8 x 8 x 9 responds to") == len(content.runs)
    assert alts.count("where plain looks in 2 test pictures; the table below names them") == 1


@pytest.mark.slow
def test_sheets_beyond_the_budget_are_named_with_where_they_are(content, tmp_path, monkeypatch):
    plots_dir = content.runs[0].plots_dir
    kept = sum((plots_dir / name).stat().st_size for name in ("gradcam.png", "first_layer.png"))
    kept += (plots_dir / "channels" / CHANNELS[0]).stat().st_size
    monkeypatch.setattr(explanation, "MOST_BYTES", kept)
    page = read(content, tmp_path)
    assert "room for 1 more. They are in latest/runs/plain/plots/channels/" in " ".join(page.text.split())
    assert CHANNELS[1] in page.text
    assert CHANNELS[0] not in page.text


@pytest.mark.slow
def test_many_runs_share_what_the_page_can_carry(content):
    runs = tuple(replace(content.runs[0], name=f"run {number}") for number in range(500))
    explained = explanation.read_explanations(runs)
    for of_run in explained.values():
        shown = [of_run.heat, of_run.first_sheet, *of_run.sheets]
        sizes = [(runs[0].plots_dir / sheet.file).stat().st_size for sheet in shown if sheet.picture]
        assert sum(sizes) <= explanation.MOST_BYTES_IN_ALL / len(runs)


@pytest.mark.slow
def test_a_network_without_rows_and_columns_is_told_of_in_a_sentence(content, tmp_path):
    run = content.runs[0]
    folder = shutil.copytree(run.explain_dir, tmp_path / "flat")
    (folder / "explanation.json").write_text('{"gradcam": null, "first_layer": null}')
    for table in ("explained.csv", "activations.csv"):
        header, *rows = (folder / table).read_text().splitlines()
        (folder / table).write_text("\n".join([header, *(row for row in rows if ",channels," in row)]) + "\n")
    page = read(replace(content, runs=(replace(run, explain_dir=folder),)), tmp_path)
    assert "No layer of this network keeps the rows and columns" in page.text
    assert "What its channels say" not in page.text


@pytest.mark.slow
def test_names_of_layers_and_classes_show_as_text(tmp_path):
    classes = ["<script>alert(1)</script>", "dog"]
    content = write_inputs(tmp_path, classes)
    run = content.runs[0]
    shutil.rmtree(run.explain_dir)
    write_explanation(run.explain_dir, run.plots_dir, classes, names=("<script>layer</script>",))
    page = read(replace(content, runs=(run,)), tmp_path)
    assert "<script>layer</script>" in page.text
    assert "<script>layer" not in (tmp_path / "report.html").read_text()


def test_the_sheet_of_channels_is_as_wide_for_two_thousand_channels(tmp_path):
    plots_dir = drawn(tmp_path, channels=2048)
    with Image.open(plots_dir / "channels" / CHANNELS[0]) as sheet:
        assert sheet.width == 528
        assert sheet.height < 2_000


def test_the_first_convolutions_channels_stand_beside_the_picture(tmp_path):
    from matplotlib import colormaps

    plots_dir = drawn(tmp_path)
    with np.load(tmp_path / "explain/activations.npz") as kept, Image.open(plots_dir / "first_layer.png") as sheet:
        pixels = np.asarray(sheet.convert("RGB"))
        np.testing.assert_array_equal(pixels[30 : 30 + 256 : 32, 0:256:32], kept["picture"])
        seventh = pixels[30 : 30 + 256 : 32, 2 * 268 : 2 * 268 + 256 : 32]
        np.testing.assert_array_equal(
            seventh, colormaps[style.CHANNEL_COLOURS](kept["enlarged"][1], bytes=True)[..., :3]
        )
