"""A Luigi task whose result is a folder named by a key: the hash of the stage, its parameters, its inputs and its code.

While an input is not built the key is unknown, and the stage simply not complete; `complete`, `requires` and `output`
raise nothing but a UserError, as for code that Python cannot read.
"""

import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import luigi

from datasets.errors import UserError
from datasets.files.lock import locked
from models.backend import share_threads
from pipeline.engine import accepted, invocation, settings
from pipeline.engine.damage import damage_explained
from pipeline.engine.digests import digest_file, short_hash
from pipeline.engine.parameters import DatasetParameter
from pipeline.engine.results import LATEST, Result, disk_trouble_explained, mark_place
from pipeline.engine.source_code import CodeView
from pipeline.engine.stage_code import code_view, new_view, reach_from
from pipeline.engine.trace import Ingredients, Plan, changed_names, code_hash, key_of, read_trace, write_trace
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
        """Returns whether the result is there and current."""
        result = self._stage.result()
        return result is not None and result.is_latest() and result.exists()


class Stage(luigi.Task):
    """The base of every stage; a subclass says what it reads, what decides its result, and how to build it."""

    dataset = DatasetParameter(default="sample", description="the data set's name")

    handed_down: tuple[str, ...] = ("dataset",)  # parameters that the reading stage sets
    resumable = False  # a killed build goes on from what it left
    unkeyed_files: tuple[str, ...] = ()  # files that say how a result was made; they are in no key

    @property
    def result_path(self) -> str:
        """The place of its results within the data set's folder, as `runs/plain/train`."""
        raise TypeError(f"{self.task_family} has no place")

    @property
    def builder(self) -> str:
        """The name of the member that builds the result; a stage that builds in several ways has one for each."""
        return "build"

    @property
    def unseen_code(self) -> tuple[str, ...]:
        """The code that the builder loads by a name, as `module:object`; what else it runs is found by reading."""
        return ()

    def check(self) -> None:
        """Refuses a data set and parameters that cannot go together; asked before anything runs."""

    def check_inputs(self) -> None:
        """Refuses inputs that are built, but not fit for this; asked before the result is."""

    def inputs(self) -> Mapping[str, Input]:
        """Returns what this stage reads, each by a name of its own."""
        return {}

    def key_parameters(self) -> dict[str, Any]:
        """Returns the parameters that decide the result and differ from their defaults, as plain JSON values.

        Unless a stage says otherwise, these are all but those that are handed down, whose effect lies in what it reads.
        """
        significant = (name for name, parameter in self.get_params() if parameter.significant)
        return self.chosen(*(name for name in significant if name not in self.handed_down))

    def chosen(self, *names: str) -> dict[str, Any]:
        """Returns those of some parameters that differ from their defaults: a new one then changes no old key."""
        defaults = {name: parameter._default for name, parameter in self.get_params()}
        return {name: value for name in names if (value := getattr(self, name)) != defaults[name]}

    def data_files(self) -> Iterable[Path]:
        """Returns the files beside modules that decide the result."""
        return ()

    def build(self, folder: Path) -> None:
        """Makes the result in a folder."""
        raise TypeError(f"{self.task_family} does not say how it is built")

    @property
    def home(self) -> Path:
        """The data set's folder."""
        return settings.workspace() / self.dataset

    def requires(self) -> list["Stage"]:
        """Returns the stages it reads, for Luigi."""
        return [source.stage for source in self.inputs().values()]

    def output(self) -> StageTarget:
        """Returns the result, for Luigi."""
        return StageTarget(self)

    def complete(self) -> bool:
        """Returns whether the result is there and current, and so is all that it depends on."""
        try:
            with disk_trouble_explained(self.home):
                return self.is_up_to_date()
        except UserError as error:
            self.trigger_event(luigi.Event.BROKEN_TASK, self, error)  # Luigi only logs what is raised here
            raise

    def is_up_to_date(self) -> bool:
        """Returns the same as `complete`; raises what the system refuses as it is.

        Once this is so, it stays so for the rest of the invocation, whatever result another one links in `latest/`.
        """
        if invocation.is_complete(self._name, self.task_id, self.home):
            return True
        complete = self.output().exists() and all(stage.complete() for stage in self.requires())
        if complete:
            invocation.note_complete(self._name)
        return complete

    def source(self, name: str) -> Path:
        """Returns the folder of an input's result."""
        result = self.inputs()[name].stage.result()
        if result is None:
            raise UserError(f"{self.task_family}: what it reads went while this ran; run again")
        return result.folder

    def input_digests(self) -> dict[str, str] | None:
        """Returns the digest of each input, or None while one of them is not built."""
        digests = {}
        for name, (stage, files) in self.inputs().items():
            result = stage.result()
            if result is None or not result.exists():
                return None
            contents = read_trace(result.folder)["contents"]
            digests[name] = short_hash({file: contents.get(file) for file in files or contents})
        return digests

    def code(self) -> dict[str, str]:
        """Returns the digest of each piece of code and each data file that has a part in the result."""
        if not settings.code().watch:
            return {}
        return self.code_in(code_view())

    def code_in(self, view: CodeView) -> dict[str, str]:
        """Returns the same as a view has it."""
        files = {"/".join(file.parts[-2:]): digest_file(file)[:16] for file in sorted(self.data_files())}
        return reach_from(self.builder, type(self), Stage, self.unseen_code, view) | files

    def ingredients(self) -> Ingredients | None:
        """Returns all that goes into the key, or None while an input is not built."""
        digests = self.input_digests()
        if digests is None:
            return None
        parameters = self.key_parameters()
        return {"stage": self.task_family, "parameters": parameters, "inputs": digests, "code": self.code()}

    def plan(self) -> Plan | None:
        """Returns the key as it should be now and what it was made from, or None while an input is not built."""
        plan = invocation.known_plan(self._name)
        if plan is None:
            with invocation.shared_or_separate():  # in which each of the many stages below is planned once
                plan = self._new_plan()
        return plan

    def _new_plan(self) -> Plan | None:
        ingredients = self.ingredients()
        if not ingredients:
            return None
        plan = Plan(self._find_key(ingredients), ingredients)
        invocation.remember_plan(self._name, plan)
        return plan

    def result(self) -> Result | None:
        """Returns the result as it should be now, or None while its key is unknown."""
        plan = self.plan()
        return Result(self.home, self.result_path, plan.key) if plan else None

    def forget_key(self) -> None:
        """Forgets the key, because what goes into it was read again."""
        invocation.forget_plan(self._name)

    def run(self) -> None:
        """Builds the result unless it is there already, and has `latest/` name it."""
        with (
            invocation.shared_or_separate(),
            invocation.running(self.task_id, self.home, self.result_path) as entry,
            disk_trouble_explained(self.home),
        ):
            open_workspace(settings.workspace())
            with locked(self.home / self.result_path, self.task_family):
                mark_place(self.home, self.result_path)
                entry.built = self.prepare()
                plan, result = self.plan(), self.result()
                if plan is None or result is None:
                    raise UserError(f"{self.task_family}: what it reads went while this ran; run again")
                invocation.use(result.folder, settings.workspace())
                if not self.is_built(result):
                    entry.built = entry.made_result = True
                    self._make(result, plan.ingredients)
                self.point(result)

    def prepare(self) -> bool:
        """Does what has to be done before the key can be known; returns whether there was anything."""
        return False

    def is_built(self, result: Result) -> bool:
        """Returns whether the result is there already, from before or by another process."""
        return result.exists()

    def point(self, result: Result) -> None:
        """Makes `latest/` name the result."""
        result.point()

    @property
    def _name(self) -> str:
        return f"{self.home} {self.task_id}"

    def _find_key(self, ingredients: Ingredients) -> str:
        """The key by the code as it is, unless there is only a result by older code that was accepted for it."""
        codes = accepted.codes_it_stands_for(code_hash(ingredients), self.task_family, settings.workspace())
        keys = [key_of(ingredients, code) for code in codes]
        return next((key for key in keys if self._keep(key).exists()), keys[0])

    def _keep(self, key: str) -> Result:
        """Keeps a result from being deleted while this invocation lasts; returns it."""
        result = Result(self.home, self.result_path, key)
        with suppress(OSError):  # where nothing can be noted, a stage that runs says so
            invocation.use(result.folder, settings.workspace())
        return result

    def refuse_changed_code(self, expected: Mapping[str, str], view: CodeView) -> None:
        """Refuses to go on where a view of the code is not what is expected."""
        try:
            now = self.code_in(view)
        except UserError as error:
            now = {f"{error}:": ""}
        if now != expected:
            changed = ", ".join(sorted({name.partition(":")[0] for name in changed_names(expected, now)}))
            raise UserError(
                f"{self.task_family}: the code changed since this process started ({changed}): start it again. "
                "What was finished is kept"
            )

    def _make(self, result: Result, ingredients: Ingredients) -> None:
        began = time.perf_counter()
        self._refuse_changed_code(result, ingredients["code"])
        folder = result.clear_partial(keep=self.resumable)
        share_threads(invocation.worker_count())
        read = [self.source(name) for name in self.inputs()]
        with damage_explained([*read, self.home / LATEST / self.result_path]):
            self.check_inputs()
            getattr(self, self.builder)(folder)
        self._refuse_changed_code(result, ingredients["code"])
        write_trace(folder, ingredients, result.key, time.perf_counter() - began, self.unkeyed_files)
        result.publish()

    def _refuse_changed_code(self, result: Result, code: Mapping[str, str]) -> None:
        """Refuses code that is not, or no longer, what made the key."""
        if not settings.code().watch:
            return
        try:
            self.refuse_changed_code(code, new_view())
        except UserError:
            result.clear_partial(keep=False)  # other code than the key's may have worked there
            raise
        self.refuse_changed_code(code, new_view(from_files=True))
