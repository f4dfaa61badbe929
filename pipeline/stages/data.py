"""The stages from a source to a pack: export, index, duplicates, split, pack. The work is in `datasets`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import luigi

from datasets.catalog import Dataset
from datasets.contents import PictureFile
from datasets.export_journal import ExportJournal, are_exported
from datasets.folders import IMAGES
from datasets.section_options import changed_options
from datasets.sources.source import source_reference
from datasets.tables import read_files, read_rejected
from pipeline.engine import settings
from pipeline.engine.digests import short_hash
from pipeline.engine.garbage import no_search_for_garbage
from pipeline.engine.results import Result, point_link
from pipeline.engine.stage import Input, Stage
from pipeline.stages import pictures, source_state
from pipeline.stages.last_export import LastExport
from pipeline.stages.picture_recovery import recovery


class DataStage(Stage):
    """A stage between a source and a pack."""

    @property
    def spec(self) -> Dataset:
        """The data set, as luigi.cfg describes it."""
        return settings.dataset(self.dataset)

    @property
    def export_csv(self) -> Path:
        """The table of the pictures that were exported."""
        return self.source("export") / "export.csv"

    def source_files(self) -> dict[int, str]:
        """Returns the source's file of each number; nothing where it has none for each picture."""
        return {row.number: row.file for row in read_files(self.source("export") / "files.csv")}

    def source_facts(self) -> dict[str, Any]:
        """Returns source.json: classes, height, width, and how pictures of another size are made to fit."""
        facts: dict[str, Any] = json.loads((self.source("export") / "source.json").read_text(encoding="utf-8"))
        return facts


class ExportImages(DataStage):
    """A stage that writes the pictures of a source into class folders, unless they are there."""

    result_path = "export"

    @property
    def unseen_code(self) -> tuple[str, ...]:
        return (source_reference(self.spec.source),)

    def key_parameters(self) -> dict[str, Any]:
        return source_state.key_parameters(self.spec, self.home)

    def input_digests(self) -> dict[str, str] | None:
        return None if source_state.is_unread(self.spec, self.home) else super().input_digests()

    def prepare(self) -> bool:
        """Reads the files of the source that changed, unless they were exported as they are now."""
        result = self.result()
        if (result is not None and result.exists()) or not source_state.read(self.spec, self.home):
            return False
        self.forget_key()
        return True

    def is_up_to_date(self) -> bool:
        return super().is_up_to_date() and are_exported(self.home)

    def is_built(self, result: Result) -> bool:
        return result.exists() and result.is_latest() and are_exported(self.home)

    def build(self, folder: Path) -> None:
        from datasets.export import describe_export
        from datasets.reexport.export_over import export_over, given_numbers
        from datasets.selection import select

        last = LastExport(self.home)
        past = last.as_past()
        given = given_numbers(self.home, past, self.spec.source)
        selection = select(source_state.load_pictures(self.spec), self.key_parameters()["classes"], given)
        outcome = export_over(
            selection,
            self.spec.source,
            folder.name,
            self.home,
            past,
            lambda: pictures.current_files(self.home),
            last.indexed_pictures,
            source_state.folders_of_originals(self.spec),
        )
        describe_export(outcome, selection, self.spec.source, folder)

    def point(self, result: Result) -> None:
        super().point(result)
        point_link(self.home / "export.csv", result.folder / "export.csv")
        ExportJournal(self.home).end()


class IndexImages(DataStage):
    """A stage that lists what is in the folders now, compared with what was exported."""

    result_path = "index"
    _contents: list[PictureFile]

    def inputs(self) -> Mapping[str, Input]:
        return {"export": Input(ExportImages(dataset=self.dataset))}

    def input_digests(self) -> dict[str, str] | None:
        digests = super().input_digests()
        state = pictures.known_state(self.home)
        return None if digests is None or state is None else {**digests, "pictures": state}

    def run(self) -> None:
        with no_search_for_garbage():
            super().run()

    def prepare(self) -> bool:
        """Reads the pictures that changed, unless they were indexed as they are now; returns whether it did."""
        result = self.result()
        if result is not None and result.exists():
            return False
        LastExport(self.home).refuse_changed()
        self._contents = pictures.read_state(self.home, self.export_csv)
        self.forget_key()
        return True

    def build(self, folder: Path) -> None:
        from datasets.index import write_index
        from datasets.tables import read_exported

        unexported = read_rejected(self.source("export") / "rejected.csv")
        exported, classes = read_exported(self.export_csv), self.source_facts()["classes"]
        write_index(self._contents, exported, unexported, classes, folder)


class FindDuplicates(DataStage):
    """A stage that finds pictures that show the same, within and across subsets."""

    result_path = "duplicates"

    def inputs(self) -> Mapping[str, Input]:
        return {
            "export": Input(ExportImages(dataset=self.dataset), ("source.json",)),
            "index": Input(IndexImages(dataset=self.dataset), ("index.csv",)),
        }

    def key_parameters(self) -> dict[str, Any]:
        return changed_options(self.spec, "duplicates")

    def build(self, folder: Path) -> None:
        from datasets.duplicates.search import write_duplicates

        facts = self.source_facts()
        shape, fit = (facts["height"], facts["width"]), facts.get("fit", "crop")
        write_duplicates(
            self.source("index") / "index.csv",
            self.home / IMAGES,
            shape,
            fit,
            recovery(self.home, self.spec, self.export_csv),
            self.spec.duplicates,
            self.home / self.result_path / "fingerprints",
            short_hash([self.code(), shape, fit]),
            folder,
        )


class SplitImages(DataStage):
    """A stage that decides which pictures train, validate and test."""

    seed = luigi.IntParameter(default=0, description="another seed draws another split")

    result_path = "split"

    def inputs(self) -> Mapping[str, Input]:
        return {
            "export": Input(ExportImages(dataset=self.dataset)),
            "index": Input(IndexImages(dataset=self.dataset), ("index.csv",)),
            "duplicates": Input(FindDuplicates(dataset=self.dataset), ("duplicates.csv", "pairs.csv")),
        }

    def key_parameters(self) -> dict[str, Any]:
        return changed_options(self.spec, "val_fraction", "test_fraction") | self.chosen("seed")

    def build(self, folder: Path) -> None:
        from datasets.small_classes import Fractions
        from datasets.split import write_split
        from datasets.tables import read_exported

        fractions = Fractions(self.spec.val_fraction, self.spec.test_fraction)
        write_split(
            self.source("index") / "index.csv",
            self.source("duplicates"),
            read_exported(self.export_csv),
            self.source_files(),
            self.source_facts()["classes"],
            fractions,
            self.seed,
            folder,
        )


class PackImages(DataStage):
    """A stage that decodes every picture once, for all trainings."""

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
            self.home / IMAGES,
            facts["classes"],
            (facts["height"], facts["width"]),
            facts.get("fit", "crop"),
            recovery(self.home, self.spec, self.export_csv),
            folder,
        )
