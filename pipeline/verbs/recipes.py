"""`recipes`: every recipe with its parameters and what it is for; with a name, that one's options and layers."""

from collections.abc import Sequence

from datasets.catalog import dataset_names
from datasets.errors import UserError
from models.recipes.listing import Listed, all_listed, differing, listed, shown
from models.recipes.named import resolve
from models.recipes.recipe import Recipe
from models.recipes.table import FOLDERS, Published
from models.recipes.validation.refused import refuse_for_classes
from pipeline.engine import settings
from pipeline.terminal.arguments import named_recipe


def run(arguments: Sequence[str]) -> int:
    """Print them; builds no network unless one is named."""
    with named_recipe("recipes", arguments) as (name, dataset):
        if dataset and not name:
            raise UserError(
                f"name a recipe to see it for {dataset}: python -m pipeline recipes plain --dataset {dataset}"
            )
        lines = _one(name, dataset) if name else _all()
    print("\n".join(lines))
    return 0


def _all() -> list[str]:
    rows = [("recipe", "parameters", "on", ""), *map(_list_row, all_listed(settings.sections("recipe")))]
    return _aligned(rows, right=(1,))


def _list_row(row: Listed) -> tuple[str, ...]:
    return row.name, "" if row.parameters is None else f"{row.parameters:,}", row.dataset, row.purpose


def _one(name: str, dataset: str | None) -> list[str]:
    sections = settings.sections("recipe")
    recipe, about = resolve(name, sections, {}), listed(name, sections)
    dataset = dataset or about.dataset
    pictures = _pictures_of(dataset)
    refuse_for_classes(recipe, len(pictures.classes))
    options = [(option, "=", shown(value)) for option, value in differing(recipe, Recipe("")).items()]
    return [
        f"{name}: {about.purpose}",
        *_aligned(options, indent="  "),
        f"on {dataset}, {len(pictures.classes)} classes, pictures of {pictures.side} by {pictures.side} pixels:",
        *_layers(recipe, pictures),
    ]


def _layers(recipe: Recipe, pictures: Published) -> list[str]:
    from models.building.layer_table import layer_table

    table = layer_table(recipe, *pictures)
    rows = [(row.name, row.kind, row.shape, f"{row.parameters:,}") for row in table.rows]
    totals = [("parameters", "", "", f"{table.parameters:,}"), ("of these trained", "", "", f"{table.trainable:,}")]
    return _aligned([("layer", "kind", "output", "parameters"), *rows, *totals], right=(3,), indent="  ")


def _pictures_of(name: str) -> Published:
    """What a network is built for."""
    if name in FOLDERS and name not in dataset_names(settings.sections("dataset")):
        return FOLDERS[name]
    dataset = settings.dataset(name)
    classes = dataset.classes or _exported_classes(name)
    if not classes:
        raise UserError(
            f"how many classes {name} has is not known before it is exported: name them in [dataset:{name}] classes, "
            f"or run luigi --module pipeline ExportImages --dataset {name}"
        )
    return Published(dataset.side, classes)


def _exported_classes(name: str) -> Sequence[str]:
    from pipeline.stages.last_export import LastExport

    return LastExport(settings.workspace() / name).classes


def _aligned(rows: Sequence[tuple[str, ...]], right: Sequence[int] = (), indent: str = "") -> list[str]:
    """Lines of columns as wide as their widest text."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    cells = [
        [
            text.rjust(width) if place in right else text.ljust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        for row in rows
    ]
    return [f"{indent}{'  '.join(row)}".rstrip() for row in cells]
