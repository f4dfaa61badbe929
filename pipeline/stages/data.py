"""The stages from a source to a pack: export, index, duplicates, split, pack. The work is in `datasets`."""

import gc
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import luigi

from datasets.catalog import Dataset, chosen_options
from datasets.contents import Picture
from datasets.sources.catalog import SOURCES
from datasets.tables import read_rows
from pipeline.engine import settings
from pipeline.engine.digests import short_hash
from pipeline.engine.results import Result, swap_link
from pipeline.engine.stage import Input, Stage
from pipeline.stages import past_export, pictures, source_folder


class DataStage(Stage):
    """A stage of the way from a source to a pack."""

    @property
    def spec(self) -> Dataset:
        """The data set, as luigi.cfg has it."""
        return settings.dataset(self.dataset)

    @property
    def export_csv(self) -> Path:
        """The table of what was exported."""
        return self.source("export") / "export.csv"

    def source_facts(self) -> dict[str, Any]:
        """The classes in their order, the pictures' height and width, how one of another size is brought to these."""
        facts: dict[str, Any] = json.loads((self.source("export") / "source.json").read_text(encoding="utf-8"))
        return facts


class ExportImages(DataStage):
    """Writes the pictures of a source into class folders, unless they are there."""

    result_path = "export"

    @property
    def unseen_code(self) -> tuple[str, ...]:
        return (f"{SOURCES[self.spec.source].module}:load",)

    def key_parameters(self) -> dict[str, Any]:
        if self.spec.source == "folder":
            return source_folder.key_parameters(self.spec, self.home)
        classes = list(self.spec.classes)
        return {"source": self.spec.source, "classes": classes, **chosen_options(self.spec, "labels")}

    def complete(self) -> bool:
        return super().complete() and pictures.are_exported(self.home)

    def is_built(self, result: Result) -> bool:
        return result.exists() and result.is_latest() and pictures.are_exported(self.home)

    def build(self, folder: Path) -> None:
        from datasets.export import describe_export
        from datasets.reexport.export import export_over
        from datasets.selection import select

        selection = select(pictures.load_source(self.spec), self.key_parameters()["classes"])
        outcome = export_over(
            selection,
            self.spec.source,
            folder.name,
            self.home,
            past_export.last_export(self.home),
            lambda: pictures.lying_now(self.home),
            lambda: past_export.last_seen(self.home),
        )
        describe_export(outcome, selection, self.spec.source, folder)

    def point(self, result: Result) -> None:
        super().point(result)
        swap_link(self.home / "export.csv", result.folder / "export.csv")
        pictures.export_journal(self.home).end()


class IndexImages(DataStage):
    """Reads what is in the folders now, and compares it with what was exported."""

    result_path = "index"
    _contents: list[Picture]

    def inputs(self) -> Mapping[str, Input]:
        return {"export": Input(ExportImages(dataset=self.dataset))}

    def input_digests(self) -> dict[str, str] | None:
        digests = super().input_digests()
        state = pictures.known_state(self.home)
        return None if digests is None or state is None else {**digests, "pictures": state}

    def run(self) -> None:
        gc.disable()  # of the many small tuples made here none is in a cycle; looking for one takes a fifth of the time
        try:
            super().run()
        finally:
            gc.enable()

    def prepare(self) -> bool:
        """Reads the pictures that changed, unless there is an index of them as they are."""
        result = self.result()
        if result is not None and result.exists():
            return False
        self._contents = pictures.read_state(self.home, self.export_csv)
        self.forget_key()
        return True

    def build(self, folder: Path) -> None:
        from datasets.exported import read_exported
        from datasets.index import write_index

        unexported = read_rows(self.source("export") / "rejected.csv")
        exported, classes = read_exported(self.export_csv), self.source_facts()["classes"]
        write_index(self._contents, exported, unexported, classes, folder)


class FindDuplicates(DataStage):
    """Finds pictures that show the same, within and across subsets."""

    result_path = "duplicates"

    def inputs(self) -> Mapping[str, Input]:
        return {
            "export": Input(ExportImages(dataset=self.dataset), ("source.json",)),
            "index": Input(IndexImages(dataset=self.dataset), ("index.csv",)),
        }

    def build(self, folder: Path) -> None:
        from datasets.duplicates.search import write_duplicates

        facts = self.source_facts()
        shape, fit = (facts["height"], facts["width"]), facts.get("fit", "crop")
        write_duplicates(
            self.source("index") / "index.csv",
            pictures.images_dir(self.home),
            shape,
            fit,
            pictures.recovery(self.home, self.spec, self.export_csv),
            self.home / self.result_path / "fingerprints",
            short_hash([self.code(), shape, fit]),
            folder,
        )


class SplitImages(DataStage):
    """Says which pictures train, validate and test."""

    seed = luigi.IntParameter(default=0, description="another seed draws another split")

    result_path = "split"

    def inputs(self) -> Mapping[str, Input]:
        return {
            "export": Input(ExportImages(dataset=self.dataset)),
            "index": Input(IndexImages(dataset=self.dataset), ("index.csv",)),
            "duplicates": Input(FindDuplicates(dataset=self.dataset), ("duplicates.csv", "pairs.csv")),
        }

    def key_parameters(self) -> dict[str, Any]:
        return chosen_options(self.spec, "val_fraction", "test_fraction") | self.chosen("seed")

    def build(self, folder: Path) -> None:
        from datasets.exported import read_exported
        from datasets.split import Fractions, write_split

        fractions = Fractions(self.spec.val_fraction, self.spec.test_fraction)
        write_split(
            self.source("index") / "index.csv",
            self.source("duplicates"),
            read_exported(self.export_csv),
            self.source_facts()["classes"],
            fractions,
            self.seed,
            folder,
        )


class PackImages(DataStage):
    """Decodes every picture once, for all trainings."""

    result_path = "pack"

    def inputs(self) -> Mapping[str, Input]:
        return {
            "export": Input(ExportImages(dataset=self.dataset), ("source.json",)),
            "index": Input(IndexImages(dataset=self.dataset), ("index.csv",)),
            "split": Input(SplitImages(dataset=self.dataset), ("split.csv",)),
        }

    def build(self, folder: Path) -> None:
        from datasets.pack import write_pack

        facts = self.source_facts()
        write_pack(
            self.source("split") / "split.csv",
            self.source("index") / "index.csv",
            pictures.images_dir(self.home),
            facts["classes"],
            (facts["height"], facts["width"]),
            facts.get("fit", "crop"),
            pictures.recovery(self.home, self.spec, self.export_csv),
            folder,
        )
