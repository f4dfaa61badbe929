"""The recipe `shapes`: what a user types as `--recipes shapes`."""

from models.recipes.table import RecipeEntry

SHAPES = RecipeEntry(
    purpose="one convolution, for shapes on coloured ground",
    dataset="shapes",
    parameters=1_267,
    options={"network": "one_convolution", "epochs": 5, "batch_size": 16, "learning_rate": 0.01},
)
