"""The stage from a pack to the features of its pictures. The work is in `models`."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from datasets.errors import UserError
from datasets.files.typed_path import typed_path
from models.backbones.known import FILE, IMAGENET, NO_WEIGHTS
from models.backbones.pretrained import refuse_missing_files
from models.recipes.keys import backbone_key_options
from models.recipes.lookup import resolve
from models.recipes.recipe import Recipe
from pipeline.engine import settings
from pipeline.engine.digests import digest_file
from pipeline.engine.parameters import RecipeParameter
from pipeline.engine.stage import Input, Stage
from pipeline.stages.data import PackImages

DIGITS_SHOWN = 8  # of a file's digest, which tells two files of the same name apart


class EmbedImages(Stage):
    """Computes the features of all pictures, once for all recipes on the same backbone."""

    recipe = RecipeParameter(default="frozen-vgg16", description="a recipe with a backbone")

    resumable = True

    @property
    def resolved(self) -> Recipe:
        """The recipe, without the options that replace its own for a training: none of them concerns its backbone."""
        return resolve(self.recipe, settings.sections("recipe"), {})

    @property
    def result_path(self) -> str:
        return f"features/{_describe(self.resolved)}"

    def check(self) -> None:
        if not self.resolved.backbone:
            raise UserError(f"{self.task_family}: recipe {self.recipe} has no backbone; choose one that has")
        refuse_missing_files(self.resolved)

    def inputs(self) -> Mapping[str, Input]:
        pixels = tuple(f"{subset}_pixels.npy" for subset in ("train", "val", "test"))
        return {"pack": Input(PackImages(dataset=self.dataset), pixels)}

    def key_parameters(self) -> dict[str, Any]:
        options = backbone_key_options(self.resolved)
        paths = ("backbone_weights", "backbone_file")  # the contents of these files count, not their places
        return {name: value for name, value in options.items() if name not in paths} | {
            "weights": _weights(self.resolved)
        }

    def check_inputs(self) -> None:
        self.check()

    def build(self, folder: Path) -> None:
        from models.backbones.features import embed

        embed(self.resolved, self.source("pack"), folder)


def _describe(recipe: Recipe) -> str:
    """Returns a name for a kind of features. Each kind has its own folder, so that several can be the latest."""
    of_file = recipe.backbone == FILE
    parts = [] if of_file else [recipe.backbone]
    if file := _file(recipe):
        parts += [Path(file).stem, _weights(recipe)[:DIGITS_SHOWN]]
    elif recipe.backbone_weights == NO_WEIGHTS:
        parts.append("random")
    parts += [recipe.backbone_input] if of_file else []
    parts += [str(recipe.backbone_side)] if recipe.backbone_side else []
    return "-".join([*parts, recipe.pooling])


def _file(recipe: Recipe) -> str:
    """Returns the file with the backbone's weights, if they come from a file."""
    if recipe.backbone == FILE:
        return recipe.backbone_file
    return "" if recipe.backbone_weights in (IMAGENET, NO_WEIGHTS) else recipe.backbone_weights


def _weights(recipe: Recipe) -> str:
    """Returns what identifies the backbone's weights: their name, or a digest of their file."""
    if not (file := _file(recipe)):
        return recipe.backbone_weights
    path = typed_path(file)
    try:
        state = path.stat()
        return _digest(path, state.st_size, state.st_mtime_ns)
    except OSError:
        return "missing"  # the build refuses a missing file


@lru_cache
def _digest(path: Path, size: int, changed_at: int) -> str:
    return digest_file(path)
