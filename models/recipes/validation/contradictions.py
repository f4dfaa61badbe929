"""Refuses recipes whose options do not go together, before anything is trained.

Most contradictions are declared with the options. Those that need a computation are functions here, and those that
depend on the network are in networks.py.
"""

from collections.abc import Iterator
from pathlib import Path

from datasets.errors import UserError
from datasets.files.typed_path import typed_path
from models.backbones.known import BACKBONES, FILE, IMAGENET, INPUTS, NO_WEIGHTS, WEIGHTS_SUFFIXES
from models.recipes.backbone_trainings import changes_pictures
from models.recipes.declaration import as_short_text, as_text, declared_options, default_of, holds, is_set
from models.recipes.recipe import Recipe
from models.recipes.validation.networks import refuse_for_network


def refuse_contradictions(recipe: Recipe) -> None:
    """Refuses a recipe that contradicts itself or asks its network for what it cannot do."""
    refuse_for_network(recipe)
    for problems in (_backbone_problems, _idle_options, _excluded_options, _learning_problems):
        for reason in problems(recipe):
            raise UserError(f"recipe {recipe.name}: {reason}")


def refuse_for_classes(recipe: Recipe, class_count: int) -> None:
    """Refuses a recipe with a binary output for any number of classes but two."""
    if recipe.output == "binary" and class_count != 2:
        raise UserError(
            f"recipe {recipe.name}: output = binary tells two classes apart, and there are {class_count}: set output "
            "to softmax, or name two classes"
        )


def refuse_augmentation_of_frozen(recipe: Recipe) -> None:
    """Refuses changes of pictures that a frozen backbone never sees.

    This is checked for a training and not for a recipe, since the command line may set `unfreeze`.
    """
    if recipe.backbone and not recipe.unfreeze and changes_pictures(recipe):
        raise UserError(
            f"recipe {recipe.name}: a frozen backbone looks at every picture once, so pictures cannot be changed in "
            "each epoch: leave the augmentation out, or set unfreeze to the number of its last layers that learn"
        )


def _idle_options(recipe: Recipe) -> Iterator[str]:
    for name, option in declared_options(recipe).items():
        if option.needs and is_set(recipe, name) and not holds(recipe, option.needs):
            setting, advice = _shown(recipe, name), _leave(recipe, name)
            yield f"{setting} does nothing without {option.needs}; give that too, or {advice}"


def _excluded_options(recipe: Recipe) -> Iterator[str]:
    for name, option in declared_options(recipe).items():
        for condition, reason in option.excludes.items():
            if is_set(recipe, name) and holds(recipe, condition):
                other = condition.partition(" = ")[0]
                yield (
                    f"{_shown(recipe, name)} does not go with {_shown(recipe, other)}: {reason}; "
                    f"{_leave(recipe, name)}, or {_leave(recipe, other)}"
                )


def _backbone_problems(recipe: Recipe) -> Iterator[str]:
    smallest = BACKBONES[recipe.backbone].smallest_side if recipe.backbone in BACKBONES else 0
    weights, file = recipe.backbone_weights, recipe.backbone_file
    for option, path in {"backbone_weights": weights, "backbone_file": file}.items():
        try:
            typed_path(path)
        except UserError as error:
            yield f"{option} = {error}"
    if file and recipe.backbone not in ("", FILE):
        yield f"backbone_file goes with backbone = {FILE}; the weights of {recipe.backbone} go into backbone_weights"
    if 0 < recipe.backbone_side < smallest:
        yield f"backbone_side = {recipe.backbone_side}: {recipe.backbone} needs {smallest} pixels or more"
    if file and Path(file).suffix != ".keras":
        yield f"backbone_file = {file} is no .keras file: save the whole network as one"
    if file and not recipe.backbone_input:
        yield f"say which pixels {file} wants: backbone_input = {', '.join(INPUTS[:-1])} or {INPUTS[-1]}"
    if weights not in (IMAGENET, NO_WEIGHTS) and Path(weights).suffix not in WEIGHTS_SUFFIXES:
        yield (
            f"backbone_weights = {weights} is not valid; give {IMAGENET}, {NO_WEIGHTS}, or a file of weights "
            f"({' or '.join(WEIGHTS_SUFFIXES)})"
        )


def _learning_problems(recipe: Recipe) -> Iterator[str]:
    if recipe.optimiser == "adamw" and not recipe.weight_decay:
        yield "adamw without weight_decay is adam: give weight_decay, which is 0.004 in Keras, or choose adam"
    for option, epochs in {"epochs": recipe.epochs, "unfreeze_epochs": recipe.unfreeze_epochs}.items():
        if recipe.warmup_epochs >= epochs and (option == "epochs" or recipe.unfreeze):
            yield (
                f"warmup_epochs = {recipe.warmup_epochs} leaves none of {epochs} {option} at full learning rate; give "
                "more of those, or a shorter warm-up"
            )
    if len(set(recipe.scales)) > 1 and recipe.stop_patience:
        yield (
            "pictures are tested at the last of the scales, and with stop_patience the training may end before it has "
            "shown any of that size; leave stop_patience at 0, or give one scale"
        )


def _shown(recipe: Recipe, name: str) -> str:
    """Returns an option with its value, as in luigi.cfg."""
    return f"{name} = {as_text(getattr(recipe, name))}"


def _leave(recipe: Recipe, name: str) -> str:
    """Returns the advice to leave an option at its default."""
    default = as_short_text(default_of(recipe, name))
    return f"leave {name} at {default}" if default else f"leave {name} out"
