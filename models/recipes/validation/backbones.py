"""Options about what a training starts from that cannot go together; loads no TensorFlow."""

from pathlib import Path

from datasets.errors import UserError
from models.backbones.known import BACKBONES, FILE, IMAGENET, INPUTS, NO_WEIGHTS, WEIGHTS_SUFFIXES
from models.networks.catalog import find_network
from models.recipes.phases import OF_BACKBONE, OF_FINE_TUNING, changes_pictures, is_own
from models.recipes.recipe import Recipe


def about_the_start(recipe: Recipe) -> list[tuple[bool, str]]:
    """Whether each contradiction is there, and what it is."""
    return [*_of_backbone(recipe), *_of_its_file(recipe), *_of_other_recipe(recipe)]


def refuse_augmentation_of_frozen(recipe: Recipe) -> None:
    """Refuse augmentation that nothing would heed; a recipe may have it, for its training may be told to unfreeze."""
    if recipe.backbone and not recipe.unfreeze and changes_pictures(recipe):
        raise UserError(
            f"recipe {recipe.name}: a frozen backbone looks at every picture once, so none can be changed anew in each "
            "epoch: leave the augmentation out, or set unfreeze to the number of its last layers that are to be trained"
        )


def _of_backbone(recipe: Recipe) -> list[tuple[bool, str]]:
    idle = [option for option in OF_BACKBONE[1:] + OF_FINE_TUNING if is_own(recipe, option)]
    is_head = find_network(recipe.network).is_head
    smallest = BACKBONES[recipe.backbone].smallest_side if recipe.backbone in BACKBONES else 0
    return [
        (not recipe.backbone and bool(idle), f"{' and '.join(idle)} without a backbone: name one, or leave it out"),
        (
            bool(recipe.backbone) and not is_head,
            f"{recipe.network} is no head for a backbone: set network to dense_head or linear_head",
        ),
        (is_head and not recipe.backbone, f"{recipe.network} is a head for a backbone, and none is named"),
        (
            bool(recipe.backbone) and is_own(recipe, "normalisation"),
            "normalisation does nothing below a backbone, which scales pixels as it learnt them; leave it out",
        ),
        (
            bool(recipe.backbone) and is_own(recipe, "scales"),
            "scales changes the size of pictures, of which a backbone takes one; leave it at 1",
        ),
        (
            0 < recipe.backbone_side < smallest,
            f"backbone_side = {recipe.backbone_side}: {recipe.backbone} needs {smallest} pixels or more",
        ),
    ]


def _of_its_file(recipe: Recipe) -> list[tuple[bool, str]]:
    weights, of_file = recipe.backbone_weights, recipe.backbone == FILE
    return [
        (
            bool(recipe.backbone_file) and not of_file,
            f"backbone_file goes with backbone = {FILE}; the weights of another backbone go into backbone_weights",
        ),
        (bool(recipe.backbone_input) and not of_file, f"backbone_input goes with backbone = {FILE} alone"),
        (
            bool(recipe.backbone_file) and Path(recipe.backbone_file).suffix != ".keras",
            f"backbone_file = {recipe.backbone_file} is no .keras file: save the whole network as one",
        ),
        (
            bool(recipe.backbone_file) and not recipe.backbone_input,
            f"say how {recipe.backbone_file} wants its pixels: backbone_input = {', '.join(INPUTS[:-1])} or "
            f"{INPUTS[-1]}",
        ),
        (
            of_file and weights != IMAGENET,
            f"backbone_weights = {weights}: the weights are in the file itself; leave it out",
        ),
        (
            weights not in (IMAGENET, NO_WEIGHTS) and Path(weights).suffix not in WEIGHTS_SUFFIXES,
            f"backbone_weights = {weights} will not do; give {IMAGENET}, {NO_WEIGHTS}, or a file of weights "
            f"({' or '.join(WEIGHTS_SUFFIXES)})",
        ),
    ]


def _of_other_recipe(recipe: Recipe) -> list[tuple[bool, str]]:
    return [
        (
            bool(recipe.start_from and recipe.backbone),
            "it cannot start from both a backbone and another recipe; leave start_from or backbone out",
        ),
        (
            bool(recipe.frozen_layers) and not recipe.start_from,
            "frozen_layers without start_from would freeze what has learnt nothing; name the recipe to start from",
        ),
    ]
