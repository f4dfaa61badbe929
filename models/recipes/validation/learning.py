"""Options about how a network learns that cannot go together; loads no TensorFlow."""

from models.networks.catalog import find_network
from models.recipes.recipe import Recipe


def about_learning(recipe: Recipe) -> list[tuple[bool, str]]:
    """Whether each contradiction is there, and what it is."""
    return [*_of_the_optimiser(recipe), *_of_the_rate(recipe), *_of_averages(recipe)]


def _of_the_optimiser(recipe: Recipe) -> list[tuple[bool, str]]:
    network = find_network(recipe.network)
    return [
        (
            recipe.optimiser == "muon" and (recipe.backbone != "" or not network.has_convolutions),
            f"muon is for convolutions that learn from the start; choose another optimiser for {recipe.network}",
        ),
        (
            recipe.optimiser == "adamw" and not recipe.weight_decay,
            "adamw without weight_decay is adam: give weight_decay, which is 0.004 in Keras, or choose adam",
        ),
        *(
            (
                recipe.optimiser == "muon" and getattr(recipe, option) > 0,
                f"muon holds every convolution at one length, so {option} has nothing to take off; leave it at 0",
            )
            for option in ("weight_decay", "weight_penalty")
        ),
    ]


def _of_the_rate(recipe: Recipe) -> list[tuple[bool, str]]:
    return [
        (
            recipe.plateau_patience > 0 and recipe.schedule != "steady",
            f"schedule = {recipe.schedule} decides the learning rate of every step, and so does plateau_patience; set "
            "plateau_patience to 0, or schedule to steady",
        ),
        (
            recipe.warmup_epochs > 0 and recipe.schedule == "one_cycle",
            "one_cycle has a rise of its own; leave warmup_epochs at 0",
        ),
        (
            recipe.warmup_epochs >= recipe.epochs,
            f"warmup_epochs = {recipe.warmup_epochs} leaves none of {recipe.epochs} epochs at full learning rate; give "
            "more epochs, or a shorter warm-up",
        ),
        (
            recipe.unfreeze > 0 and recipe.warmup_epochs >= recipe.unfreeze_epochs,
            f"warmup_epochs = {recipe.warmup_epochs} leaves none of {recipe.unfreeze_epochs} unfreeze_epochs at full "
            "learning rate; give more of those, or a shorter warm-up",
        ),
    ]


def _of_averages(recipe: Recipe) -> list[tuple[bool, str]]:
    return [
        (
            recipe.ema > 0 and recipe.swa > 0,
            "ema and swa each keep an average of the weights, and only one can be the model; leave one at 0",
        ),
        (
            recipe.swa > 0 and recipe.stop_patience > 0,
            "swa averages the last epochs, and with stop_patience nobody knows which those are; leave one at 0",
        ),
        (
            len(set(recipe.scales)) > 1 and recipe.stop_patience > 0,
            "pictures are judged at the last of the scales, and with stop_patience the training may end before it has "
            "been shown any of that size; leave stop_patience at 0, or give one scale",
        ),
    ]
