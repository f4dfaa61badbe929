"""From a pack to a model and its measure. The work is in `models`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.recipe import Recipe, fields_that_matter
from models.recipes import resolve
from pipeline import settings
from pipeline.data import PackImages, SplitImages
from pipeline.parameters import OverrideParameter, RecipeParameter
from pipeline.stage import Input, Stage


class RunStage(Stage):
    """A stage of one run: one recipe trained on one data set."""

    recipe = RecipeParameter(default="plain", description="the recipe's name")


class TrainModel(RunStage):
    """Train one recipe."""

    epochs = OverrideParameter("epochs", "how often every picture is seen, in place of the recipe's number")
    batch_size = OverrideParameter("batch_size", "pictures a step, in place of the recipe's number")
    learning_rate = OverrideParameter("learning_rate", "in place of the recipe's")
    seed = OverrideParameter("seed", "another seed draws other weights, in place of the recipe's")

    resumable = True
    uncounted = ("training.json",)

    @property
    def place(self) -> str:
        return f"runs/{self.recipe}/train"

    @property
    def resolved(self) -> Recipe:
        """The recipe with every option settled."""
        names = ("epochs", "batch_size", "learning_rate", "seed")
        return resolve(self.recipe, settings.sections("recipe"), {name: getattr(self, name) for name in names})

    @property
    def validation(self) -> str:
        """The subset validated on: the test pictures where none are set aside for it."""
        return "val" if settings.dataset(self.dataset).val_fraction else "test"

    @property
    def modules(self) -> tuple[str, ...]:
        return ("models.training", f"models.networks.{self.resolved.network}")

    def inputs(self) -> Mapping[str, Input]:
        subsets = ("train", self.validation)
        files = [f"{subset}_{part}.npy" for subset in subsets for part in ("pixels", "labels")]
        return {"pack": Input(PackImages(dataset=self.dataset), (*files, "classes.txt"))}

    def decisive(self) -> dict[str, Any]:
        return fields_that_matter(self.resolved)

    def build(self, folder: Path) -> None:
        from models.training import train

        train(self.resolved, self.source("pack"), folder, self.validation)


class EvaluateModel(RunStage):
    """Measure a trained model on the test pictures."""

    modules = ("models.evaluation",)

    @property
    def place(self) -> str:
        return f"runs/{self.recipe}/evaluate"

    def inputs(self) -> Mapping[str, Input]:
        return {
            "pack": Input(
                PackImages(dataset=self.dataset), ("test_pixels.npy", "test_labels.npy", "pictures.csv", "classes.txt")
            ),
            "split": Input(SplitImages(dataset=self.dataset), ("leaks.csv",)),
            "train": Input(TrainModel(dataset=self.dataset, recipe=self.recipe)),
        }

    def build(self, folder: Path) -> None:
        from models.evaluation import evaluate

        train, leaks_csv = self.source("train"), self.source("split") / "leaks.csv"
        evaluate(train / "model.keras", self.source("pack"), train / "training.json", leaks_csv, folder)
