"""Says which recipes there are, and what one of them is made of, as lines for the terminal."""

from collections.abc import Sequence

from datasets.catalog import dataset_names
from datasets.errors import UserError
from models.recipes.declaration import as_text
from models.recipes.listing import ListedRecipe, differing_options, list_recipe, list_recipes
from models.recipes.lookup import resolve
from models.recipes.recipe import Recipe
from models.recipes.table import FOLDERS, Published
from models.recipes.validation.contradictions import refuse_for_classes
from pipeline.engine import settings
from pipeline.terminal.suggested_commands import task_command


def recipes_in_words() -> list[str]:
    """Returns a line for each recipe: its parameters, the data set they were counted on, and its purpose."""
    rows = [("recipe", "parameters", "on", "purpose"), *map(_list_row, list_recipes(settings.sections("recipe")))]
    return _aligned(rows, right=(1,))


def recipe_in_words(name: str, dataset: str | None) -> list[str]:
    """Returns a recipe's purpose, its options other than the defaults, and its layers for a data set."""
    sections = settings.sections("recipe")
    recipe, about = resolve(name, sections, {}), list_recipe(name, sections)
    dataset = dataset or about.dataset
    pictures = _pictures_of(dataset)
    refuse_for_classes(recipe, len(pictures.classes))
    options = [(option, "=", as_text(value)) for option, value in differing_options(recipe, Recipe("")).items()]
    return [
        f"{name}: {about.purpose}",
        *_aligned(options, indent="  "),
        f"on {dataset}, {len(pictures.classes)} classes, pictures of {pictures.side} by {pictures.side} pixels:",
        *_layers(recipe, pictures),
    ]


def _list_row(row: ListedRecipe) -> tuple[str, ...]:
    return row.name, "" if row.parameters is None else f"{row.parameters:,}", row.dataset, row.purpose


def _layers(recipe: Recipe, pictures: Published) -> list[str]:
    from models.explanation.layer_table import layer_table

    table = layer_table(recipe, *pictures)
    rows = [(row.name, row.kind, row.shape, f"{row.parameters:,}") for row in table.rows]
    totals = [("parameters", "", "", f"{table.parameters:,}"), ("of these trained", "", "", f"{table.trainable:,}")]
    return _aligned([("layer", "kind", "output", "parameters"), *rows, *totals], right=(3,), indent="  ")


def _pictures_of(name: str) -> Published:
    """Returns the size and classes of a data set's pictures, which a network is built for."""
    if name in FOLDERS and name not in dataset_names(settings.sections("dataset")):
        return FOLDERS[name]
    dataset = settings.dataset(name)
    classes = dataset.classes or _exported_classes(name)
    if not classes:
        raise UserError(
            f"how many classes {name} has is not known before it is exported: name them in [dataset:{name}] classes, "
            f"or export it with {task_command('ExportImages', ['--dataset', name])}"
        )
    return Published(dataset.side, classes)


def _exported_classes(name: str) -> Sequence[str]:
    from pipeline.stages.last_export import LastExport

    return LastExport(settings.workspace() / name).classes


def _aligned(rows: Sequence[tuple[str, ...]], right: Sequence[int] = (), indent: str = "") -> list[str]:
    """Returns the rows as lines, each column as wide as its widest text."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    cells = [
        [
            text.rjust(width) if place in right else text.ljust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        for row in rows
    ]
    return [f"{indent}{'  '.join(row)}".rstrip() for row in cells]
