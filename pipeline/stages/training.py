"""The stages from a pack to a model. The work is in `models`."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import luigi

from datasets.sources.cifar.superclasses import superclasses_of
from models.backbones.pretrained import refuse_missing_files
from models.networks.catalog import network_reference
from models.recipes.backbone_trainings import fine_tuning_recipe, head_recipe
from models.recipes.keys import key_options
from models.recipes.lookup import resolve
from models.recipes.recipe import Recipe
from models.recipes.validation.contradictions import refuse_augmentation_of_frozen, refuse_for_classes
from models.recipes.validation.networks import refuse_for_side
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

    def key_parameters(self) -> dict[str, Any]:
        return {}  # the recipe counts by its options, and by the results that are read

    def same_run(self, stage: type[RunStageT]) -> RunStageT:
        """Returns another stage of this run."""
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
        """The recipe with a value for every option; `unfreeze` counts only where there is a backbone."""
        sections = settings.sections("recipe")
        given = {name: getattr(self, name) for name in ("epochs", "batch_size", "learning_rate", "seed")}
        recipe = of_its_own = resolve(self.recipe, sections, given)
        if self.unfreeze is not None and recipe.backbone:
            recipe = resolve(self.recipe, sections, given | {"unfreeze": self.unfreeze})
        if not of_its_own.unfreeze:  # otherwise `--TrainModel-unfreeze 0` asks for its frozen baseline
            refuse_augmentation_of_frozen(recipe)
        if not self.repeat:
            return recipe
        seed = (recipe.seed + self.repeat) % 2**31
        return replace(recipe, name=f"{recipe.name}, seed {seed}", seed=seed)

    @property
    def learns(self) -> bool:
        """Tells whether this stage trains, or only joins a trained head to its backbone."""
        return True

    @property
    def validation(self) -> str:
        """The subset that validates: the test pictures where no others are set aside."""
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
        """Returns an input: pixels, labels or both of the pictures that train and validate, with the classes."""
        files = [f"{subset}_{part}.npy" for subset in ("train", self.validation) for part in parts]
        return Input(PackImages(dataset=self.dataset), (*files, "classes.txt"))

    def features(self, *files: str) -> Input:
        """Returns an input: the features of the pictures, or the backbone itself."""
        return Input(EmbedImages(dataset=self.dataset, recipe=self.recipe), files)

    def check_inputs(self) -> None:
        from datasets.pack import read_classes

        refuse_for_classes(self.resolved, len(read_classes(self.source("pack"))))

    def open_log(self, folder: Path) -> None:
        """Makes the folder of TensorBoard's log; where it is there, the training writes one."""
        if self.tensorboard and self.learns:
            (folder / EVENTS).mkdir(exist_ok=True)


class TrainHead(Training):
    """Trains a recipe's head on the features from its backbone."""

    handed_down = (*RunStage.handed_down, "epochs", "batch_size", "learning_rate", "seed", "unfreeze", "tensorboard")
    part = "head"

    def check(self) -> None:
        self.features().stage.check()
        super().check()

    @property
    def unseen_code(self) -> tuple[str, ...]:
        return (network_reference(self.resolved.network),)

    def inputs(self) -> Mapping[str, Input]:
        return {"pack": self.pack("labels"), "features": self.features("train.npy", f"{self.validation}.npy")}

    def key_parameters(self) -> dict[str, Any]:
        return key_options(head_recipe(self.resolved))

    def build(self, folder: Path) -> None:
        from models.backbones.head import train_head

        self.open_log(folder)
        train_head(self.resolved, self.source("features"), self.source("pack"), folder, self.validation)


class TrainModel(Training):
    """Trains one recipe."""

    part = "train"

    @property
    def learns(self) -> bool:
        return self.builder != "join_head"

    @property
    def builder(self) -> str:
        recipe = self.resolved
        if recipe.backbone:
            return "fine_tune" if recipe.unfreeze else "join_head"
        return "go_on_from_other" if recipe.start_from else "train_from_scratch"

    @property
    def unseen_code(self) -> tuple[str, ...]:
        return (network_reference(self.resolved.network),)

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
            return key_options(recipe)
        return key_options(fine_tuning_recipe(recipe) if recipe.unfreeze else Recipe("", predict=recipe.predict))

    def train_from_scratch(self, folder: Path) -> None:
        """Trains a new network."""
        from models.training.train import train

        self.open_log(folder)
        train(self.resolved, self.source("pack"), folder, self.validation)

    def go_on_from_other(self, folder: Path) -> None:
        """Trains on from the weights of another recipe's model."""
        from models.training.warm_start import train_from

        self.open_log(folder)
        start = self.source("start") / "model.keras"
        train_from(start, self.resolved, self.source("pack"), folder, self.validation)

    def join_head(self, folder: Path) -> None:
        """Joins the head to the backbone that it learnt on, and trains nothing."""
        from models.backbones.head import write_joined

        write_joined(self.resolved, self.source("features"), self.source("head"), self.source("pack"), folder)

    def fine_tune(self, folder: Path) -> None:
        """Trains the head and the last layers of the backbone together."""
        from models.backbones.head import fine_tune

        self.open_log(folder)
        start = (self.resolved, self.source("features"), self.source("head"), self.source("pack"))
        fine_tune(*start, folder, self.validation)
