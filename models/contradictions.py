"""Options of a recipe that cannot go together, told before anything is trained; loads no TensorFlow."""

from datasets.errors import UserError
from models.recipe import Recipe


def refuse_contradictions(recipe: Recipe) -> None:
    """Refuse a recipe that contradicts itself."""
    for reason in _contradictions(recipe):
        raise UserError(f"recipe {recipe.name}: {reason}")


def _contradictions(recipe: Recipe) -> list[str]:
    return [reason for is_so, reason in _table(recipe) if is_so]


def _table(recipe: Recipe) -> list[tuple[bool, str]]:
    blends = "mixup" if recipe.mixup else "cutmix"
    return [
        (
            recipe.output == "binary" and bool(recipe.mixup or recipe.cutmix),
            f"{blends} blends labels, which a binary output has not; leave {blends} at 0, or output at softmax",
        ),
    ]
