"""The options of a data set whose source is a folder: what is refused, and that the folder is not looked at."""

import re
from pathlib import Path

import pytest
from conftest import configured

import pipeline
from datasets.errors import UserError
from pipeline.terminal.config_check import check_config

FOLDER = {"source": "folder", "path": "pets", "size": "150"}


def without(option: str) -> dict[str, str]:
    return {name: text for name, text in FOLDER.items() if name != option}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (without("path"), "[dataset:mine] needs an option path"),
        (without("size"), "[dataset:mine] needs an option size, the side in pixels"),
        ({**FOLDER, "size": "0"}, "[dataset:mine] size is '0': it must be a whole number of pixels from 1"),
        ({**FOLDER, "size": "150x200"}, "[dataset:mine] size is '150x200'"),
        ({**FOLDER, "fit": "crp"}, "there is no fit 'crp': did you mean 'crop'?"),
        (
            {**FOLDER, "labels": "fine"},
            "labels belongs to source = cifar100; folder does not read it",
        ),
        ({**FOLDER, "classes": "cat"}, "at least two"),
        ({**FOLDER, "classes": "cat,cat"}, "named twice"),
        ({**FOLDER, "path": "~nobody-of-this-name/x"}, "there is no such user"),
        ({"source": "cifar10", "path": "pets"}, "path belongs to source = folder; cifar10 does not read it"),
        ({"source": "sample", "fit": "pad"}, "fit belongs to source = folder; sample does not read it"),
    ],
)
def test_options_that_will_not_do_are_refused(options: dict[str, str], message: str) -> None:
    with configured({"dataset:mine": options}), pytest.raises(UserError, match=re.escape(message)):
        check_config(["--dataset", "mine"])


def test_settings_are_read_without_a_look_at_the_folder(tmp_path: Path) -> None:
    settings = {"dataset:mine": {**FOLDER, "path": str(tmp_path / "nowhere"), "classes": "any,thing"}}
    with configured(settings):
        check_config(["--dataset", "mine"])
        assert pipeline.TrainModel(dataset="mine").dataset == "mine"
    with configured({"dataset:mine": {**FOLDER, "path": "~/pets"}}):
        assert pipeline.ExportImages(dataset="mine").spec.pictures.path == str(Path.home() / "pets")


def test_a_section_may_give_a_built_in_data_set_another_source() -> None:
    with configured({"dataset:cifar100-coarse": {**FOLDER, "classes": "cat,dog"}}):
        check_config(["--dataset", "mine"])
        spec = pipeline.ExportImages(dataset="cifar100-coarse").spec
    assert (spec.source, spec.side, spec.classes) == ("folder", 150, ("cat", "dog"))
