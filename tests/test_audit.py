"""The audit finds planted wrong labels, and its commands move them."""

import csv
import json
import shlex
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from conftest import Project, configured

import pipeline
from datasets.fold_skill import read_skill
from datasets.suspects import Judgement, moving_command, write_suspects
from datasets.tables import INDEX_HEADER, read_named_rows, read_rows, write_rows
from reports.facts.fold_skill import skill_sentence

CLASSES = ("cat", "big dog's", "-rf *")
FOLDS = 2


def judgement(wrong: dict[int, int], count: int = 60) -> Judgement:
    """Returns pictures judged right with 90 % to 97 %; `wrong` gives the labels at some positions."""
    truth = np.arange(count) % len(CLASSES)
    sure = np.linspace(0.9, 0.97, count)
    shares = np.repeat((1 - sure[:, None]) / (len(CLASSES) - 1), len(CLASSES), axis=1)
    shares[np.arange(count), truth] = sure
    labels = truth.astype(np.int32)
    labels[list(wrong)] = list(wrong.values())
    paths = [f"train/{CLASSES[label]}/{label}_{number:02}.png" for number, label in enumerate(labels)]
    return Judgement(paths, ["train"] * count, labels, shares.astype(np.float32), [])


def suspects(judged: Judgement, folder: Path) -> list[dict[str, str]]:
    rows = [(path, "train", label, "", 0, path, "") for path, label in zip(judged.paths, judged.labels, strict=True)]
    write_rows(folder / "index.csv", INDEX_HEADER, rows)
    write_suspects(judged, CLASSES, folder / "index.csv", folder)
    return list(read_named_rows(folder / "suspects.csv"))


@pytest.mark.slow
def test_wrong_labels_are_found_the_surest_first(tmp_path: Path) -> None:
    wrong = {6: 1, 11: 0, 27: 1, 40: 2, 50: 0, 56: 1}
    rows = suspects(judgement(wrong), tmp_path)
    named = {(row["path"], row["suggested"]) for row in rows}
    assert len(rows) >= len(wrong) - 1
    assert named <= {(f"train/{CLASSES[label]}/{label}_{n:02}.png", CLASSES[n % 3]) for n, label in wrong.items()}
    scores = [float(row["score"]) for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0.9


def test_right_labels_give_a_list_of_none(tmp_path: Path) -> None:
    assert suspects(judgement({}), tmp_path) == []


def test_models_near_chance_list_no_label_and_say_how_near(tmp_path: Path) -> None:
    judged = judgement({6: 1, 11: 0})
    guessed = np.random.default_rng(0).permutation(judged.probabilities)
    assert suspects(judged._replace(probabilities=guessed), tmp_path) == []
    skill = read_skill(tmp_path)
    assert skill is not None
    assert not skill.is_enough
    assert "no label is listed" in skill_sentence(skill)


def test_models_that_know_the_classes_say_how_well(tmp_path: Path) -> None:
    suspects(judgement({6: 1, 40: 2, 2: 1}), tmp_path)
    skill = read_skill(tmp_path)
    assert skill is not None
    assert skill_sentence(skill).startswith("3 labels look wrong; the folds named 95.0% of the pictures right")


def test_the_command_moves_the_picture_whatever_the_classes_are_called(tmp_path: Path) -> None:
    for row in suspects(judgement({6: 1, 40: 2, 2: 1}), tmp_path):
        picture = tmp_path / row["path"]
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_text("as it was")
        (tmp_path / "train" / row["suggested"]).mkdir(exist_ok=True)
        subprocess.run(row["command"], shell=True, check=True, cwd=tmp_path)
        assert not picture.exists()
        assert (tmp_path / "train" / row["suggested"] / picture.name).read_text() == "as it was"


def test_the_command_moves_over_no_other_picture(tmp_path: Path) -> None:
    for name in ("cat", "dog"):
        (tmp_path / "train" / name).mkdir(parents=True)
        (tmp_path / "train" / name / "mine.png").write_text(name)
    subprocess.run(moving_command("train/cat/mine.png", "dog", ""), shell=True, cwd=tmp_path)
    assert (tmp_path / "train/dog/mine.png").read_text() == "dog"
    assert (tmp_path / "train/cat/mine.png").read_text() == "cat"


def test_a_picture_relabelled_by_its_name_gets_its_old_name_back_lest_folder_and_name_conflict() -> None:
    command = moving_command("train/cat/1_07.png", "frog", "0_07.png")
    assert shlex.split(command) == ["mv", "-n", "train/cat/1_07.png", "train/frog/0_07.png"]


@pytest.mark.parametrize(
    ("dataset", "audit", "audited"),
    [("sample", "auto", True), ("tiny", "auto", False), ("tiny", "true", True), ("sample", "false", False)],
)
def test_a_report_audits_the_sample_and_others_on_request(
    project: Project, dataset: str, audit: str, audited: bool
) -> None:
    with configured(project.settings):
        report = pipeline.FullReport(dataset=dataset, audit=audit)
        assert ("AuditLabels" in {stage.task_family for stage in report.requires()}) is audited


@pytest.fixture(scope="module")
def audited_once(tmp_path_factory: pytest.TempPathFactory, tiny_archive: Path) -> Project:
    """A project whose labels were audited, in two folds."""
    project = Project(tmp_path_factory.mktemp("audited"), tiny_archive)
    audit(project)
    return project


@pytest.fixture
def audited(audited_once: Project, tmp_path: Path) -> Project:
    """A copy of it, its pictures read once where they are now."""
    shutil.copytree(audited_once.folder, tmp_path, symlinks=True, dirs_exist_ok=True)
    project = Project(tmp_path, Path(audited_once.settings["cifar"]["archives"]))
    assert audit(project) == []
    return project


def audit(project: Project) -> list[str]:
    """Audits; returns the folds that were trained."""
    outcome = project.build(pipeline.AuditLabels, folds=FOLDS, recipe="quick")
    assert outcome.complete, [entry.error for entry in outcome.ran]
    return sorted(entry.result_path for entry in outcome.ran if entry.built and entry.task.startswith("TrainFold"))


def move_one(project: Project, path: str) -> None:
    picture = project.images / path
    target = "dog" if picture.parent.name != "dog" else "cat"
    picture.rename(picture.parent.parent / target / picture.name)


def first_of(project: Project, fold: int) -> str:
    folds = read_rows(project.home / "latest/folds/split/folds.csv")
    return next(path for path, its_fold in folds if int(its_fold) == fold)


def test_a_fold_that_there_is_not_is_refused(project: Project) -> None:
    assert "--fold 2 is not valid; give a number from 0 to 1" in project.error(
        pipeline.TrainFold, folds=2, fold=2, recipe="quick"
    )


@pytest.mark.slow
def test_an_audit_lists_pictures_of_every_subset_by_columns_that_can_be_applied(audited: Project) -> None:
    with (audited.home / "latest/audit/suspects.csv").open(newline="") as file:
        assert next(csv.reader(file)) == ["path", "subset", "label", "suggested", "score", "command", "sha256"]


@pytest.mark.slow
@pytest.mark.parametrize("fold", range(FOLDS))
def test_an_edit_in_a_fold_trains_only_the_models_that_learn_from_it(audited: Project, fold: int) -> None:
    move_one(audited, first_of(audited, fold))
    assert audit(audited) == [f"folds/{other}" for other in range(FOLDS) if other != fold]


@pytest.mark.slow
def test_an_edit_of_a_test_picture_trains_no_fold(audited: Project) -> None:
    before = (audited.home / "latest/audit").readlink()
    move_one(audited, audited.picture("cat", subset="test").relative_to(audited.images).as_posix())
    assert audit(audited) == []
    assert (audited.home / "latest/audit").readlink() != before


@pytest.mark.slow
def test_undoing_an_edit_finds_the_old_audit(audited: Project) -> None:
    before = (audited.home / "latest/audit").readlink()
    path = first_of(audited, 0)
    move_one(audited, path)
    audit(audited)
    name = Path(path).name
    next(audited.images.glob(f"train/*/{name}")).rename(audited.images / path)
    assert audit(audited) == []
    assert (audited.home / "latest/audit").readlink() == before


@pytest.mark.slow
def test_a_fold_learns_from_the_others_alone(audited: Project) -> None:
    trace = json.loads((audited.home / "latest/folds/0/trace.json").read_text())
    assert set(trace["inputs"]) == {"folds", "export", "pack"}
    history = list(read_rows(audited.home / "latest/folds/0/history.csv"))
    assert history[0][3:5] == ["nan", "nan"]
