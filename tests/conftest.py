"""The fixtures that many tests share: a tiny CIFAR archive, a workspace of its own, and real Luigi runs in both."""

import csv
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from luigi.configuration import get_config

import pipeline
from models.backend import settle_environment
from pipeline.engine.build import Attempt, attempt
from pipeline.engine.stage import Stage

settle_environment()  # some tests load Keras themselves and must compute as the project does

CLASSES = ("cat", "dog", "frog")
_LABELS = (3, 5, 6)  # theirs among CIFAR-10's ten
_RECORDS_PER_BATCH = 6


def unsettled_environment() -> dict[str, str]:
    """Returns the environment for a command that sets by itself what TensorFlow reads from it."""
    settled = ("KERAS_BACKEND", "TF_CPP_MIN_LOG_LEVEL", "TF_ENABLE_ONEDNN_OPTS")
    return {name: value for name, value in os.environ.items() if name not in settled}


def write_tiny_archive(folder: Path) -> Path:
    """Writes CIFAR-10's binary layout with 30 training and 6 test pictures of three classes, all different."""
    folder.mkdir(parents=True)
    names = [f"data_batch_{batch}.bin" for batch in range(1, 6)] + ["test_batch.bin"]
    random = np.random.default_rng(7)
    for name in names:
        records = random.integers(0, 256, (_RECORDS_PER_BATCH, 3073), np.uint8)
        records[:, 0] = np.resize(_LABELS, _RECORDS_PER_BATCH)
        records[:, 1:] = records[:, 1:] // 4 + records[:, :1] * 20  # each class its own grey: something to learn
        records.tofile(folder / name)
    return folder


@pytest.fixture(scope="session")
def tiny_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny archive's folder."""
    return write_tiny_archive(tmp_path_factory.mktemp("tiny") / "cifar-10-batches-bin")


class Project:
    """A folder with settings of its own, in which real Luigi runs build the data set `tiny`."""

    def __init__(self, folder: Path, archive: Path) -> None:
        self.folder = folder
        self.home = folder / "workspace" / "tiny"
        self.images = self.home / "images"
        self.settings: dict[str, dict[str, str]] = {
            "paths": {"workspace": str(folder / "workspace"), "downloads": str(folder / "downloads")},
            "cifar": {"archives": str(archive)},
            "dataset:tiny": {"source": "cifar10", "classes": ",".join(CLASSES), "val_fraction": "0.2"},
            "recipe:quick": {"base": "plain", "epochs": "1", "batch_size": "8"},
        }

    def write_settings(self) -> Path:
        """Writes the settings as luigi.cfg, for a command run in the folder; returns the folder."""
        sections = (f"[{name}]\n" + "".join(f"{k} = {v}\n" for k, v in o.items()) for name, o in self.settings.items())
        (self.folder / "luigi.cfg").write_text("\n".join(sections), encoding="utf-8")
        return self.folder

    def build(self, task: type[Stage] = pipeline.PackImages, **parameters: Any) -> Attempt:
        """Builds a task by a real Luigi run in this process."""
        with configured(self.settings):
            return attempt(task(dataset="tiny", **parameters))

    def built(self, task: type[Stage] = pipeline.PackImages, **parameters: Any) -> set[str]:
        """Builds, which must succeed; returns the names of the tasks whose results were made rather than found."""
        outcome = self.build(task, **parameters)
        assert outcome.complete, [entry.error for entry in outcome.ran]
        return {entry.task.partition("_")[0] for entry in outcome.ran if entry.built}

    def ran(self, task: type[Stage] = pipeline.PackImages, **parameters: Any) -> set[str]:
        """Builds, which must succeed; returns the names of all tasks that ran, if only to find their results again."""
        outcome = self.build(task, **parameters)
        assert outcome.complete, [entry.error for entry in outcome.ran]
        return {entry.task.partition("_")[0] for entry in outcome.ran}

    def error(self, task: type[Stage] = pipeline.PackImages, **parameters: Any) -> str:
        """Builds, which must fail; returns the message that the user sees."""
        outcome = self.build(task, **parameters)
        assert not outcome.complete
        return next(entry.error for entry in outcome.ran if entry.error)

    def start(self, task: str, *words: str, module: str = "pipeline", **options: Any) -> subprocess.Popen[str]:
        """Starts Luigi's command, as a user types it in the project's folder."""
        command = [sys.executable, "-m", "luigi", "--module", module, task, *words, "--local-scheduler"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | options
        return subprocess.Popen(command, cwd=self.write_settings(), **pipes)

    def start_to_be_stopped(self, task: str, *words: str, **options: Any) -> subprocess.Popen[str]:
        """Starts the command so that it heeds Ctrl-C, which what a shell starts in the background does not."""
        return self.start(task, *words, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), **options)

    def luigi(self, task: str, *words: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Runs the command to its end."""
        process = self.start(task, *words, **options)
        printed, errors = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, printed, errors)

    def table(self, name: str) -> list[dict[str, str]]:
        """Builds the index, which must succeed; returns one of its tables."""
        self.built(pipeline.IndexImages)
        with (self.home / "latest/index" / name).open(newline="", errors="surrogateescape") as file:
            return list(csv.DictReader(file))

    def picture(self, class_name: str, position: int = 0, subset: str = "train") -> Path:
        """Returns a picture of a class folder, by its position among the names."""
        return sorted((self.images / subset / class_name).glob("*.png"))[position]


class configured:  # noqa: N801 - reads as what it does: with configured(settings)
    """A context in which these settings hold, instead of those of any luigi.cfg."""

    def __init__(self, settings: dict[str, dict[str, str]]) -> None:
        self._settings = settings

    def __enter__(self) -> None:
        config = get_config()
        self._before = {section: dict(config.items(section, raw=True)) for section in config.sections()}
        config.clear()
        config.read_dict(self._settings | {"core": {"no_configure_logging": "true"}})

    def __exit__(self, *_: object) -> None:
        get_config().clear()
        get_config().read_dict(self._before)


@pytest.fixture
def project(tmp_path: Path, tiny_archive: Path) -> Project:
    """A fresh project with the data set `tiny` and the recipe `quick`, nothing built yet."""
    return Project(tmp_path, tiny_archive)


@pytest.fixture
def exported(project: Project) -> Project:
    """A project whose pictures are exported and indexed."""
    project.build(pipeline.IndexImages)
    return project
