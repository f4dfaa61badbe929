"""The stage that describes the data: counts, mean pictures, contact sheets. The work is in `reports`."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.engine.stage import Input, Stage
from pipeline.stages.data import PackImages, SplitImages


class DescribeData(Stage):
    """Counts the pictures of each class, and draws some of them and their mean."""

    result_path = "data"

    def inputs(self) -> Mapping[str, Input]:
        files = ("train_pixels.npy", "train_labels.npy", "classes.txt")
        return {
            "pack": Input(PackImages(dataset=self.dataset), files),
            "split": Input(SplitImages(dataset=self.dataset), ("split.csv",)),
        }

    def build(self, folder: Path) -> None:
        from reports.drawing.contact_sheets import draw_contact_sheets
        from reports.drawing.mean_pictures import draw_mean_pictures
        from reports.table_values import write_counts

        pack_dir = self.source("pack")
        write_counts(self.source("split") / "split.csv", pack_dir, folder / "counts.csv")
        draw_contact_sheets(pack_dir, folder)
        draw_mean_pictures(pack_dir, folder)
