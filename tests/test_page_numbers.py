"""The numbers of each run on the page: its classes, its calibration, and its mistakes."""

import base64
import io
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import Project, configured
from page_inputs import ReadPage, write_and_read, write_evaluation, write_inputs
from PIL import Image
from test_picture_tables import CLASSES, answers, rows_of

import pipeline
from datasets.errors import UserError
from datasets.tables import read_rows, write_rows
from models.evaluation import scores
from models.evaluation.class_tables import write_class_tables
from models.evaluation.picture_tables import write_mistakes
from reports.content import Page
from reports.facts.mistakes import read_mistakes
from reports.page import write_page
from reports.pictures.embedded import EmbeddedPicture

pytestmark = pytest.mark.slow

TESTED = 60


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return write_inputs(tmp_path_factory.mktemp("inputs"), CLASSES)


def judged(content: Page, folder: Path, shown: int = 10) -> Page:
    """The page of a run that names some of 60 test pictures wrong, all of noise."""
    paths, labels, probabilities = answers(TESTED)
    pack_dir = shutil.copytree(content.pack_dir, folder / "pack")
    np.save(pack_dir / "test_pixels.npy", noise(32))
    listed = [*read_rows(pack_dir / "pictures.csv"), *([path, 0, "test"] for path in paths)]
    write_rows(pack_dir / "pictures.csv", ("path", "label", "subset"), listed)
    evaluate_dir = shutil.copytree(content.runs[0].evaluate_dir, folder / "evaluate")
    write_mistakes(evaluate_dir, paths, labels, probabilities, CLASSES)
    confusion = scores.count_confusion(labels, probabilities.argmax(axis=1), len(CLASSES))
    write_class_tables(evaluate_dir, CLASSES, confusion)
    run = replace(content.runs[0], name="run 0", evaluate_dir=evaluate_dir)
    return replace(content, pack_dir=pack_dir, runs=(run,), mistakes=shown)


def noise(side: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (TESTED, side, side, 3), np.uint8)


def pixels_of(picture: EmbeddedPicture) -> np.ndarray:
    png = base64.b64decode(picture.uri.removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(png)))


def words_of(page: ReadPage) -> str:
    return " ".join(page.text.split())


def test_the_worst_mistakes_are_shown_with_their_picture_names_and_probabilities(inputs: Page, tmp_path: Path) -> None:
    content = judged(inputs, tmp_path, shown=3)
    page = write_and_read(tmp_path / "report.html", content)
    mistakes, right = (rows_of(content.runs[0].evaluate_dir / f"{name}.csv") for name in ("mistakes", "doubtful"))
    for rows, between in ((mistakes, "taken for"), (right, "nearly")):
        for path, true, other, of_true, of_other in rows[:3]:
            shares = f"{true} {float(of_true):.1%}, {other} {float(of_other):.1%} "
            said = f"{re.escape(true)},? {between} {re.escape(f'{other} {shares}')}[^ ]*{re.escape(path)}"
            assert re.search(said, words_of(page))
            assert f"{true}: {path}" in [attributes["alt"] for _, attributes in page.all("img")]
        assert f"{rows[3][1]}: {rows[3][0]}" not in [attributes["alt"] for _, attributes in page.all("img")]
    assert f"3 of {len(mistakes)} mistakes, the surest first" in words_of(page)
    assert f"3 of {len(right)} right answers, the least sure first" in words_of(page)
    for table in ("mistakes", "doubtful", "confused"):
        assert f"latest/runs/run 0/evaluate/{table}.csv" in page.text


def test_a_picture_shown_is_the_one_its_path_names(inputs: Page, tmp_path: Path) -> None:
    content = judged(inputs, tmp_path)
    worst = read_mistakes({"run": content.runs[0].evaluate_dir}, content.pack_dir, limit=5)["run"].worst
    pixels, paths = noise(32), answers(TESTED)[0]
    for mistake in worst:
        np.testing.assert_array_equal(pixels_of(mistake.picture), pixels[paths.index(mistake.path)])


def test_the_pairs_confused_most_are_listed_with_their_share(inputs: Page, tmp_path: Path) -> None:
    content = judged(inputs, tmp_path, shown=2)
    page = words_of(write_and_read(tmp_path / "report.html", content))
    pairs = rows_of(content.runs[0].evaluate_dir / "confused.csv")
    listed = [f"{pair[0]} taken for {pair[1]}: {pair[2]}, which is {float(pair[3]):.1%} of {pair[0]}" for pair in pairs]
    assert all(line in page for line in listed[:2])
    assert listed[2] not in page


def test_on_request_none_are_shown(inputs: Page, tmp_path: Path) -> None:
    page = write_and_read(tmp_path / "report.html", judged(inputs, tmp_path, shown=0))
    assert not any(words in page.text for words in ("The worst mistakes", "confuses most", "most doubtful"))


@pytest.mark.parametrize(
    ("label", "told"), [(0, "every test picture is named right"), (1, "no test picture is named right")]
)
def test_all_right_and_all_wrong_are_said(inputs: Page, tmp_path: Path, label: int, told: str) -> None:
    content = judged(inputs, tmp_path)
    paths, labels, _ = answers(TESTED)
    said = np.eye(len(CLASSES), dtype=np.float32)[(labels + label) % len(CLASSES)]
    write_mistakes(content.runs[0].evaluate_dir, paths, labels, said, CLASSES)
    assert f"None: {told}." in words_of(write_and_read(tmp_path / "report.html", content))


@pytest.mark.parametrize(("side", "most_bytes_a_run"), [(32, 95_000), (300, 210_000)], ids=["small", "large photos"])
def test_the_pictures_of_twenty_runs_stay_small(tmp_path: Path, side: int, most_bytes_a_run: int) -> None:
    """Tries the worst case, which is noise, with ten mistakes and ten doubtful answers."""
    paths, labels, probabilities = answers(TESTED)
    np.save(tmp_path / "test_pixels.npy", noise(side))
    write_rows(tmp_path / "pictures.csv", ("path", "label", "subset"), [(path, 0, "test") for path in paths])
    write_mistakes(tmp_path, paths, labels, probabilities, CLASSES)
    write_rows(tmp_path / "confused.csv", ("true", "predicted", "count", "share"), [])
    of_runs = read_mistakes({f"run {number}": tmp_path for number in range(20)}, tmp_path, limit=10)
    for run in of_runs.values():
        pictures = [one.picture for one in (*run.worst, *run.doubtful)]
        assert len(pictures) == 20
        assert sum(len(picture.uri) for picture in pictures) < most_bytes_a_run


def class_table(content: Page, folder: Path) -> tuple[str, str]:
    """The opening tag of what holds the first run's table, and the table."""
    write_page(folder / "report.html", content)
    html = (folder / "report.html").read_text(encoding="utf-8")
    found = re.search(r"(<details[^>]*>)\s*<summary>Each of the \d+ classes(.*?)</table>", html, re.DOTALL)
    assert found
    return found[1], found[2]


def rows_in(table: str) -> list[str]:
    return [" ".join(ReadPage(row).text.split()) for row in table.split("<tr>")[2:]]


def test_each_class_has_its_shares_with_their_intervals_and_the_averages_below(inputs: Page, tmp_path: Path) -> None:
    opening, table = class_table(inputs, tmp_path)
    cat, *_, accuracy, macro, weighted = rows_in(table)
    precision, recall, f1 = scores.share_of(6, 6), scores.share_of(6, 9), scores.f1_of(6, 3)
    shares = (f"{share.value:.1%} {share.low:.1%} to {share.high:.1%}" for share in (precision, recall, f1))
    assert cat == " ".join(["cat 9", *shares])
    assert "open" in opening
    assert accuracy == "Accuracy 24 75.0%"
    assert (macro[:16], weighted[:19]) == ("Macro average 24", "Weighted average 24")


def test_a_class_without_test_pictures_has_empty_cells(inputs: Page, tmp_path: Path) -> None:
    evaluate_dir = shutil.copytree(inputs.runs[0].evaluate_dir, tmp_path / "evaluate")
    write_class_tables(evaluate_dir, CLASSES, np.array([[2, 0, 0], [0, 2, 0], [0, 0, 0]]))
    run = replace(inputs.runs[0], evaluate_dir=evaluate_dir)
    _, table = class_table(replace(inputs, runs=(run,)), tmp_path)
    assert rows_in(table)[2] == f"{CLASSES[2]} 0"
    assert "a class with nothing to count has empty cells" in " ".join(table.split())


def test_a_hundred_classes_are_folded_away(inputs: Page, tmp_path: Path) -> None:
    write_evaluation(tmp_path / "evaluate", [f"class {number}" for number in range(100)])
    run = replace(inputs.runs[0], evaluate_dir=tmp_path / "evaluate")
    opening, table = class_table(replace(inputs, runs=(run,)), tmp_path)
    assert len(rows_in(table)) == 103
    assert "open" not in opening


def test_how_far_a_run_can_be_believed_is_drawn_and_said(inputs: Page, tmp_path: Path) -> None:
    page = write_and_read(tmp_path / "report.html", inputs)
    sure = "on average it is 65% sure of its answer, and 61% of its answers are right (95% interval 59% to 63%)"
    assert f"It is too sure of itself: {sure}" in words_of(page)
    assert "Calibration error 12.5%" in words_of(page)
    assert "plain: its accuracy by how sure it is; calibration error 12.5%" in " ".join(
        img["alt"] or "" for _, img in page.all("img")
    )


def test_a_file_name_that_is_no_utf_8_is_found_in_the_pack(tmp_path: Path) -> None:
    np.save(tmp_path / "test_pixels.npy", noise(4))
    paths = [f"test/cat/\udcff{number}.png" for number in range(TESTED)]
    write_rows(tmp_path / "pictures.csv", ("path", "label", "subset"), [(path, 0, "test") for path in paths])
    write_mistakes(tmp_path, paths[1:2], np.array([0]), np.array([[0.2, 0.8]]), CLASSES)
    write_rows(tmp_path / "confused.csv", ("true", "predicted", "count", "share"), [])
    (mistake,) = read_mistakes({"run": tmp_path}, tmp_path, limit=3)["run"].worst
    assert mistake.path.encode(errors="surrogateescape") == b"test/cat/\xff1.png"
    np.testing.assert_array_equal(pixels_of(mistake.picture), noise(4)[1])


def test_how_many_mistakes_are_shown_decides_the_report_and_nothing_else(project: Project) -> None:
    with configured(project.settings):
        few, many = (pipeline.FullReport(dataset="tiny", recipes=("quick",), mistakes=shown) for shown in (3, 10))
        assert few.key_parameters() != many.key_parameters()
        assert few.inputs() == many.inputs()
        with pytest.raises(UserError, match="a whole number from 0 to 100"):
            pipeline.FullReport(mistakes=101)


def test_every_table_of_a_run_and_its_plot_are_under_latest(project: Project) -> None:
    project.built(pipeline.PlotRun, recipe="quick")
    run = project.home / "latest/runs/quick"
    of_pictures, of_classes = {"predictions", "mistakes", "doubtful"}, {"per_class", "classification_report"}
    tables = {table.stem for table in (run / "evaluate").glob("*.csv")}
    assert tables == of_pictures | of_classes | {"confusion", "confused", "calibration"}
    assert (run / "plots/reliability.png").stat().st_size > 5_000
