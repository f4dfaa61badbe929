"""The data sets by name: those built in, and the `[dataset:NAME]` sections of luigi.cfg."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from datasets.class_names import refuse_unusable_names
from datasets.errors import UserError, unknown
from datasets.section_options import changed_options, has_choice, option, option_names, read_options
from datasets.sources.source import BUILT_IN as BUILT_IN_SOURCES
from datasets.sources.source import Listing, Source, is_source, source_class, source_names

Sections = Mapping[str, Mapping[str, str]]

DUPLICATES = ("auto", "near", "exact", "none")

# As the sections of luigi.cfg that would make them; a section of the same name changes some of the options.
BUILT_IN: Sections = {
    "sample": {"source": "sample"},
    "cifar10": {"source": "cifar10"},
    "cifar100": {"source": "cifar100"},
    "cifar100-coarse": {"source": "cifar100", "labels": "coarse"},
    "cifar100-six": {"source": "cifar100", "classes": "tulip, sunflower, mushroom, sea, bridge, rocket"},
}


@dataclass(frozen=True)
class Dataset:
    """A source of pictures, which of its classes to take and in which order, and how they are split."""

    name: str
    pictures: Source[Listing] = field(repr=False)
    source: str = option("", words="where the pictures are from")
    classes: tuple[str, ...] = option((), words="which classes to take, in the order of their labels; none means all")
    val_fraction: float = option(0.1, words="the share of the training pictures that validates", low=0.0, below=1.0)
    test_fraction: float = option(
        0.1,
        words="the share of the pictures that tests, where the source has no test pictures",
        low=0.0,
        below=1.0,
    )
    duplicates: str = option(
        "auto",
        words="which duplicates count; auto leaves near ones out where many pictures are alike",
        choices=DUPLICATES,
    )

    @property
    def side(self) -> int:
        """The height and width of its pictures, in pixels."""
        return self.pictures.side

    def key_parameters(self) -> dict[str, object]:
        """Returns what decides an export, as far as luigi.cfg says it; options at their defaults are left out."""
        return {"source": self.source, **changed_options(self.pictures)}


def dataset_names(sections: Sections) -> list[str]:
    """Returns every name a user can give, the built-in ones first."""
    return list(dict.fromkeys([*BUILT_IN, *sections]))


def dataset_options() -> list[str]:
    """Returns every option that a section can have, those of the built-in sources included."""
    of_sources = [name for source in BUILT_IN_SOURCES for name in option_names(source_class(source))]
    return list(dict.fromkeys([*option_names(Dataset), *of_sources]))


def find_dataset(name: str, sections: Sections) -> Dataset:
    """Returns the data set of that name; its classes are filled in where the source knows them without a look."""
    if name not in dataset_names(sections):
        raise UserError(unknown("data set", name, dataset_names(sections)))
    where, given = f"[dataset:{name}]", sections.get(name, {})
    texts = {**BUILT_IN.get(name, {}), **given}
    kind = _find_source(where, texts)
    _refuse_other_options(where, given, kind, texts["source"].strip())
    pictures: Source[Listing] = kind(**read_options(kind, where, texts))
    dataset = Dataset(name, pictures, **read_options(Dataset, where, texts))
    for class_name in dataset.classes:
        if pictures.classes and class_name not in pictures.classes:
            raise UserError(f"{where} classes: {unknown('class', class_name, pictures.classes)}")
    dataset = replace(dataset, classes=dataset.classes or pictures.classes)
    if dataset.classes:
        _refuse_unusable_classes(where, dataset.classes)
    return dataset


def _find_source(where: str, texts: Mapping[str, str]) -> type:
    """Returns the class of a section's source."""
    name = texts.get("source", "").strip()
    if not name:
        for text in texts:
            if text not in dataset_options():
                raise UserError(f"{where}: {unknown('option', text, dataset_options())}")
        raise UserError(f"{where} needs an option source, one of: {', '.join(source_names())}")
    if not is_source(name):
        raise UserError(f"{where}: {unknown('source', name, source_names())}")
    return source_class(name)


def _refuse_other_options(where: str, given: Mapping[str, str], kind: type, source_name: str) -> None:
    """Refuses an option that neither data sets nor this source have; says whose it is, if another source has it."""
    known = [*option_names(Dataset), *option_names(kind)]
    for name in given:
        if name in known:
            continue
        owners = [source for source in BUILT_IN_SOURCES if has_choice(source_class(source), name)]
        if not owners:
            raise UserError(f"{where}: {unknown('option', name, known)}")
        its_sources = " or ".join(f"source = {source}" for source in owners)
        raise UserError(f"{where}: {name} belongs to {its_sources}; {source_name} does not read it")


def _refuse_unusable_classes(where: str, classes: Sequence[str]) -> None:
    if len(set(classes)) < len(classes):
        raise UserError(f"{where} classes: one is named twice: {', '.join(classes)}")
    if len(classes) < 2:
        raise UserError(f"{where} classes: a data set needs at least two, and this names only {classes[0]}")
    refuse_unusable_names(f"{where} classes", classes)
