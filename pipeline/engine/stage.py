"""A Luigi task whose result is a folder named by a key: the hash of the stage, its parameters, its inputs and its code.

While an input is not built the key is unknown, and the stage simply not complete; `complete`, `requires` and `output`
never raise.
"""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import luigi

from datasets.errors import UserError
from datasets.files.lock import locked
from models.backend import share_threads
from pipeline.engine import accepted, invocation, settings
from pipeline.engine.digests import short_hash
from pipeline.engine.parameters import DatasetParameter
from pipeline.engine.results import Result, disk_trouble_explained
from pipeline.engine.source_code import digest_modules
from pipeline.engine.trace import Ingredients, code_hash, key_of, read_trace, write_trace
from pipeline.engine.workspace import open_workspace


class Input(NamedTuple):
    """A stage that is read, and which of its files (all that count where none is named)."""

    stage: "Stage"
    files: tuple[str, ...] = ()


class StageTarget(luigi.Target):
    """A stage's result: there once its folder is, and `latest/` names it."""

    def __init__(self, stage: "Stage") -> None:
        self._stage = stage

    def __str__(self) -> str:
        return self.path

    @property
    def path(self) -> str:
        """The folder of the result, or a name that nothing has while its key is unknown."""
        result = self._stage.result()
        return str(result.folder if result else self._stage.home / self._stage.result_path / "unknown")

    def exists(self) -> bool:
        """Whether the result is there and current."""
        result = self._stage.result()
        return result is not None and result.is_latest() and result.exists()


class Stage(luigi.Task):
    """What every stage shares; a subclass says what it reads, what decides its result, and how to build it."""

    dataset = DatasetParameter(default="sample", description="the data set's name")

    handed_down: tuple[str, ...] = ("dataset",)  # parameters that it is told by whoever reads it
    resumable = False  # a killed build goes on from what it left
    unkeyed_files: tuple[str, ...] = ()  # files that say how and not what, and so are in nobody's key

    @property
    def result_path(self) -> str:
        """Where results are kept within the data set's folder, as `runs/plain/train`."""
        raise TypeError(f"{self.task_family} has no place")

    @property
    def modules(self) -> tuple[str, ...]:
        """Where the work is done: these modules, and those of ours that they import, are in the key."""
        return ()

    def check(self) -> None:
        """Refuse a data set and parameters that cannot go together; asked before anything runs."""

    def inputs(self) -> Mapping[str, Input]:
        """What this stage reads, each by a name of its own."""
        return {}

    def key_parameters(self) -> dict[str, Any]:
        """The parameters that decide the result, as plain JSON values."""
        return {}

    def data_files(self) -> Iterable[Path]:
        """Files other than modules that decide the result."""
        return ()

    def build(self, folder: Path) -> None:
        """Make the result in a folder."""
        raise TypeError(f"{self.task_family} does not say how it is built")

    @property
    def home(self) -> Path:
        """The data set's folder."""
        return settings.workspace() / self.dataset

    def requires(self) -> list["Stage"]:
        """The stages it reads, for Luigi."""
        return [source.stage for source in self.inputs().values()]

    def output(self) -> StageTarget:
        """The result, for Luigi."""
        return StageTarget(self)

    def complete(self) -> bool:
        """Whether the result is there and current, and so is all that it stands on.

        Once it is in an invocation it stays so there, whatever another one has `latest/` name meanwhile.
        """
        if invocation.is_complete(self._name, self.task_id, self.home):
            return True
        complete = self.output().exists() and all(stage.complete() for stage in self.requires())
        if complete:
            invocation.note_complete(self._name)
        return complete

    def source(self, name: str) -> Path:
        """The folder of an input's result."""
        result = self.inputs()[name].stage.result()
        if result is None:
            raise UserError(f"{self.task_family}: what it reads went while this ran; run again")
        return result.folder

    def input_digests(self) -> dict[str, str] | None:
        """The digest of each input, or None while one of them is not built."""
        digests = {}
        for name, (stage, files) in self.inputs().items():
            result = stage.result()
            if result is None or not result.exists():
                return None
            contents = read_trace(result.folder)["contents"]
            digests[name] = short_hash({file: contents.get(file) for file in files or contents})
        return digests

    def code(self) -> dict[str, str]:
        """The digest of each module and data file that has a part in the result."""
        if not settings.code().watch:
            return {}
        return digest_modules(self.modules, self.data_files(), settings.workspace() / ".code.json")

    def ingredients(self) -> Ingredients | None:
        """All that goes into the key, or None while an input is not built."""
        digests = self.input_digests()
        if digests is None:
            return None
        return {"stage": self.task_family, "parameters": self.key_parameters(), "inputs": digests, "code": self.code()}

    def result(self) -> Result | None:
        """The result as it should be now, or None while its key is unknown."""
        key = invocation.known_key(self._name)
        if key is None:
            ingredients = self.ingredients()
            if ingredients is None:
                return None
            key = self._find_key(ingredients)
            invocation.remember_key(self._name, key)
        return Result(self.home, self.result_path, key)

    def forget_key(self) -> None:
        """Work the key out anew, because what goes into it was read again."""
        invocation.forget_key(self._name)

    def run(self) -> None:
        """Build the result unless it is there already, and have `latest/` name it."""
        with (
            invocation.ensured(),
            invocation.running(self.task_id, self.home, self.result_path) as entry,
            disk_trouble_explained(self.home),
        ):
            open_workspace(settings.workspace())
            with locked(self.home / self.result_path, self.task_family):
                entry.built = self.prepare()
                result, ingredients = self.result(), self.ingredients()
                if result is None or ingredients is None:
                    raise UserError(f"{self.task_family}: what it reads went while this ran; run again")
                if not self.is_built(result):
                    entry.built = entry.made = True
                    self._make(result, ingredients)
                self.point(result)

    def prepare(self) -> bool:
        """Do what has to be done before the key can be known; whether there was anything."""
        return False

    def is_built(self, result: Result) -> bool:
        """Whether the result is there already, from before or by another process."""
        return result.exists()

    def point(self, result: Result) -> None:
        """Have `latest/` name the result."""
        result.point()

    @property
    def _name(self) -> str:
        return f"{self.home} {self.task_id}"

    def _find_key(self, ingredients: Ingredients) -> str:
        """The key by the code as it is, unless there is only a result by older code that was accepted for it."""
        codes = accepted.codes_it_stands_for(code_hash(ingredients), self.task_family, settings.workspace())
        keys = [key_of(ingredients, code) for code in codes]
        return next((key for key in keys if Result(self.home, self.result_path, key).exists()), keys[0])

    def _make(self, result: Result, ingredients: Ingredients) -> None:
        began = time.perf_counter()
        folder = result.clear_partial(keep=self.resumable)
        share_threads(invocation.worker_count())
        self.build(folder)
        write_trace(folder, ingredients, result.key, time.perf_counter() - began, self.unkeyed_files)
        result.publish()
