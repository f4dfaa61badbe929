"""From a pack to a model. The work is in `models`."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import luigi

from datasets.sources.cifar.superclasses import superclasses_of
from models.backbones.pretrained import refuse_missing_files
from models.recipes.named import resolve
from models.recipes.phases import of_fine_tuning, of_head
from models.recipes.recipe import Recipe, fields_that_matter
from models.recipes.validation.backbones import refuse_augmentation_of_frozen
from models.recipes.validation.refused import refuse_for_classes, refuse_for_side
from models.training.event_log import EVENTS
from pipeline.engine import settings
from pipeline.engine.parameters import CountParameter, OverrideParameter, RecipeParameter
from pipeline.engine.stage import Input, Stage
from pipeline.stages.data import PackImages
from pipeline.stages.features import EmbedImages

MOST_SEEDS = 100

RunStageT = TypeVar("RunStageT", bound="RunStage")


class RunStage(Stage):
    """A stage of one run: one recipe trained on one data set, perhaps repeatedly."""

    recipe = RecipeParameter(default="plain", description="the recipe's name")
    repeat = CountParameter(
        0, MOST_SEEDS - 1, 0, description="which training of the recipe: each is from a seed one above the one before"
    )

    handed_down: tuple[str, ...] = ("dataset", "recipe", "repeat")
    part = ""  # of a run, as `train`

    @property
    def result_path(self) -> str:
        return f"runs/{self.recipe}{f'/repeats/{self.repeat}' if self.repeat else ''}/{self.part}"

    def check(self) -> None:
        self.same_run(TrainModel).check()

    def same_run(self, stage: type[RunStageT]) -> RunStageT:
        """Another stage of this run."""
        return stage(dataset=self.dataset, recipe=self.recipe, repeat=self.repeat)


class Training(RunStage):
    """A stage that trains by its run's recipe."""

    epochs = OverrideParameter("epochs", "how often every picture is seen, in place of the recipe's number")
    batch_size = OverrideParameter("batch_size", "pictures a step, in place of the recipe's number")
    learning_rate = OverrideParameter("learning_rate", "in place of the recipe's")
    seed = OverrideParameter("seed", "another seed draws other weights, in place of the recipe's")
    unfreeze = OverrideParameter("unfreeze", "last layers of a backbone that learn too, in place of the recipe's")
    tensorboard = luigi.BoolParameter(
        default=False,
        significant=False,
        parsing=luigi.BoolParameter.EXPLICIT_PARSING,
        description="whether TensorBoard can watch the training: true or false",
    )

    resumable = True
    unkeyed_files = ("training.json",)

    @property
    def resolved(self) -> Recipe:
        """The recipe with every option settled; one without a backbone has nothing to unfreeze."""
        sections = settings.sections("recipe")
        given = {name: getattr(self, name) for name in ("epochs", "batch_size", "learning_rate", "seed")}
        recipe = of_its_own = resolve(self.recipe, sections, given)
        if self.unfreeze is not None and recipe.backbone:
            recipe = resolve(self.recipe, sections, given | {"unfreeze": self.unfreeze})
        if not of_its_own.unfreeze:  # else what is asked for is its frozen baseline
            refuse_augmentation_of_frozen(recipe)
        if not self.repeat:
            return recipe
        seed = (recipe.seed + self.repeat) % 2**31
        return replace(recipe, name=f"{recipe.name}, seed {seed}", seed=seed)

    @property
    def learns(self) -> bool:
        """Whether this stage itself learns, and does not only join what another learnt to a frozen backbone."""
        return True

    @property
    def validation(self) -> str:
        """The subset validated on: the test pictures where none are set aside for it."""
        return "val" if settings.dataset(self.dataset).val_fraction else "test"

    def check(self) -> None:
        recipe, dataset = self.resolved, settings.dataset(self.dataset)
        refuse_missing_files(recipe)
        refuse_for_side(recipe, dataset.side)
        classes = dataset.classes  # none where they are what a folder holds, unseen as yet
        if classes:
            refuse_for_classes(recipe, len(classes))
        if classes and recipe.predict == "coarse":
            superclasses_of(classes)
        if recipe.start_from:
            self.clone(TrainModel, recipe=recipe.start_from).check()

    def pack(self, *parts: str) -> Input:
        """The pixels or labels, or both, of the pictures that train and validate, and the classes."""
        files = [f"{subset}_{part}.npy" for subset in ("train", self.validation) for part in parts]
        return Input(PackImages(dataset=self.dataset), (*files, "classes.txt"))

    def features(self, *files: str) -> Input:
        """What the backbone saw, or the backbone itself."""
        return Input(EmbedImages(dataset=self.dataset, recipe=self.recipe), files)

    def build(self, folder: Path) -> None:
        from datasets.pack import read_classes

        recipe, pack_dir = self.resolved, self.source("pack")
        refuse_for_classes(recipe, len(read_classes(pack_dir)))
        if self.tensorboard and self.learns:
            (folder / EVENTS).mkdir(exist_ok=True)
        self.train(recipe, pack_dir, folder)

    def train(self, recipe: Recipe, pack_dir: Path, folder: Path) -> None:
        """Train into a folder."""
        raise TypeError(f"{self.task_family} does not say how it trains")


class TrainHead(Training):
    """Train a recipe's head on what its backbone saw."""

    handed_down = (*RunStage.handed_down, "epochs", "batch_size", "learning_rate", "seed", "unfreeze", "tensorboard")
    part = "head"

    def check(self) -> None:
        self.features().stage.check()
        super().check()

    @property
    def modules(self) -> tuple[str, ...]:
        return ("models.backbones.head", f"models.networks.{self.resolved.network}")

    def inputs(self) -> Mapping[str, Input]:
        return {"pack": self.pack("labels"), "features": self.features("train.npy", f"{self.validation}.npy")}

    def key_parameters(self) -> dict[str, Any]:
        return fields_that_matter(of_head(self.resolved))

    def train(self, recipe: Recipe, pack_dir: Path, folder: Path) -> None:
        from models.backbones.head import train_head

        train_head(recipe, self.source("features"), pack_dir, folder, self.validation)


class TrainModel(Training):
    """Train one recipe."""

    part = "train"

    @property
    def learns(self) -> bool:
        recipe = self.resolved
        return not recipe.backbone or recipe.unfreeze > 0

    @property
    def modules(self) -> tuple[str, ...]:
        recipe = self.resolved
        work = (
            "models.backbones.head"
            if recipe.backbone
            else "models.training.warm_start"
            if recipe.start_from
            else "models.training.train"
        )
        return (work, f"models.networks.{recipe.network}")

    def inputs(self) -> Mapping[str, Input]:
        recipe = self.resolved
        if recipe.backbone:
            return {
                "pack": self.pack("pixels", "labels") if recipe.unfreeze else self.pack(),
                "features": self.features("backbone.keras"),
                "head": Input(self.clone(TrainHead)),
            }
        if recipe.start_from:
            start = Input(self.clone(recipe=recipe.start_from), ("model.keras",))
            return {"pack": self.pack("pixels", "labels"), "start": start}
        return {"pack": self.pack("pixels", "labels")}

    def key_parameters(self) -> dict[str, Any]:
        recipe = self.resolved
        if not recipe.backbone:
            return fields_that_matter(recipe)
        return fields_that_matter(of_fine_tuning(recipe)) if recipe.unfreeze else {"predict": recipe.predict}

    def train(self, recipe: Recipe, pack_dir: Path, folder: Path) -> None:
        if recipe.backbone:
            from models.backbones.head import fine_tune, write_joined

            start = (recipe, self.source("features"), self.source("head"), pack_dir, folder)
            fine_tune(*start, self.validation) if recipe.unfreeze else write_joined(*start)
        elif recipe.start_from:
            from models.training.warm_start import train_from

            train_from(self.source("start") / "model.keras", recipe, pack_dir, folder, self.validation)
        else:
            from models.training.train import train

            train(recipe, pack_dir, folder, self.validation)
