"""The mistakes in luigi.cfg: each is refused before anything runs, in one sentence that says where and what to do."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import configured

from datasets.errors import UserError
from pipeline.terminal.config_check import check_config

CIFAR = {"source": "cifar10"}


def refuse(settings: dict[str, dict[str, str]], message: str) -> None:
    with configured(settings), pytest.raises(UserError, match=re.escape(message)):
        check_config(["--dataset", "mine"])


@pytest.mark.parametrize(
    ("section", "options", "message"),
    [
        ("path", {"workspace": "x"}, "there is no section '[path]': did you mean '[paths]'?"),
        ("paths", {"worksapce": "x"}, "[paths]: there is no option 'worksapce': did you mean 'workspace'?"),
        ("FullReport", {"recipe": "plain"}, "[FullReport]: there is no option 'recipe': did you mean 'recipes'?"),
        ("FullReport", {"dataset": "cifar11"}, "[FullReport] dataset: there is no data set 'cifar11': did you mean"),
        ("Stage", {"dataset": "sample"}, "there is no section '[Stage]'"),
        ("dataset:mine", {"source": "cifar11"}, "there is no source 'cifar11': did you mean 'cifar10'?"),
        ("dataset:mine", {"clases": "cat"}, "[dataset:mine]: there is no option 'clases': did you mean 'classes'?"),
        ("dataset:mine", {**CIFAR, "classes": "cat,dgo"}, "there is no class 'dgo': did you mean 'dog'?"),
        ("dataset:mine", {"classes": "cat,dog"}, "[dataset:mine] needs an option source"),
        ("dataset:mine", {**CIFAR, "val_fraction": "2"}, "[dataset:mine] val_fraction is '2'"),
        ("dataset:mine", {**CIFAR, "classes": "cat"}, "at least two"),
        ("dataset:mine", {**CIFAR, "classes": "cat,cat"}, "named twice"),
        ("dataset:mine", {**CIFAR, "labels": "coarse"}, "there is no set of labels 'coarse'"),
        ("recipe:mine", {"epoch": "3"}, "there is no option 'epoch': did you mean 'epochs'?"),
        ("recipe:mine", {"base": "plian"}, "there is no recipe 'plian': did you mean 'plain'?"),
        ("SplitImages", {"seed": "abc"}, "luigi.cfg [SplitImages] seed = abc is not valid; give a whole number"),
        ("code", {"watch": "maybe"}, "luigi.cfg [code] watch = maybe is not valid; give true or false"),
        ("paths", {"workspace": " "}, "luigi.cfg [paths] workspace: name a folder"),
        ("paths", {"downloads": "~nobody-of-this-name/x"}, "there is no such user"),
        ("cifar", {"archives": "~nobody-of-this-name/x"}, "[cifar] archives: ~nobody-of-this-name/x: there is no such"),
        (
            "recipe:mine",
            {"base": "frozen-vgg16", "backbone_weights": "~nobody-of-this-name/x.h5"},
            "recipe mine: backbone_weights = ~nobody-of-this-name/x.h5: there is no such user",
        ),
        ("dataset:" + "x" * 300, CIFAR, "cannot name a folder"),
        ("paths", {"workspace": "${NOT_SET_ANYWHERE}"}, "nonexisting environment variable NOT_SET_ANYWHERE"),
    ],
)
def test_what_is_misspelt_is_named_with_the_nearest(section: str, options: dict[str, str], message: str) -> None:
    refuse({section: options}, message)


@pytest.mark.parametrize(
    ("section", "options", "message"),
    [
        ("worker", {"keep_alve": "true"}, "[worker]: there is no option 'keep_alve': did you mean 'keep_alive'?"),
        ("scheduler", {"retry_cont": "3"}, "did you mean 'retry_count'?"),
        ("retcode", {"task_faild": "3"}, "did you mean 'task_failed'?"),
        ("execution_summary", {"sumary_length": "3"}, "did you mean 'summary_length'?"),
    ],
)
def test_luigis_own_sections_are_held_to_luigis_own_options(
    section: str, options: dict[str, str], message: str
) -> None:
    refuse({section: options}, message)


@pytest.mark.parametrize("kind", ["dataset", "recipe"])
@pytest.mark.parametrize("name", ["", "..", "../../x", "/tmp/x", "a/b", ".hidden", "-x", "a b", "a\nb"])
def test_a_name_that_cannot_be_a_folders_is_refused(kind: str, name: str) -> None:
    refuse({f"{kind}:{name}": {}}, f"{name!r} cannot name a folder")


@pytest.mark.parametrize("section", ["dataset:luigi.log", "dataset:Accepted.csv", "dataset:Sample", "recipe:PLAIN"])
def test_a_name_that_is_taken_is_refused(section: str) -> None:
    refuse({section: {}}, f"luigi.cfg [{section}]: the name {section.partition(':')[2]!r} is taken")


@pytest.mark.parametrize("other", ["dataset: mine", "dataset:Mine", "dataset:mine "])
def test_two_names_that_would_share_a_folder_are_refused(other: str) -> None:
    refuse({"dataset:mine": CIFAR, other: CIFAR}, f"[{other}]: the name {other.partition(':')[2].strip()!r} is taken")


def test_names_of_every_admitted_kind_and_changes_of_built_in_ones_pass() -> None:
    names = ["mine", "Mine-2", "v1.0_b+c", "7", "naïve"]
    with configured(
        {f"dataset:{name}": CIFAR for name in names}
        | {"dataset:sample": {"val_fraction": "0.2"}, "dataset: cifar10": {}, "recipe:plain": {"epochs": "3"}}
    ):
        check_config(["--dataset", "mine"])


def status(folder: Path, luigi_cfg: str) -> subprocess.CompletedProcess[str]:
    (folder / "luigi.cfg").write_bytes(luigi_cfg.encode(errors="surrogateescape"))
    command = [sys.executable, "-m", "pipeline", "status"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("luigi_cfg", "message"),
    [
        ("[paths]\nworkspace = a\n[paths]\n", "cannot be read: While reading from 'luigi.cfg'"),
        ("[paths]\nworkspace = a\nworkspace = b\n", "cannot be read: While reading from 'luigi.cfg'"),
        ("[paths]\nworkspace = caf\udce9\n", "cannot be read: it is not in UTF-8 (byte 23); save it as UTF-8"),
        (f"[paths]\n{'x' * 200_000}\n", "cannot be read: Source contains parsing errors"),
        (f"[FullReport]\nrecipes = {'x' * 200_000}\n", "[FullReport] recipes: there is no recipe 'xxx"),
        ("workspace = a\n", "cannot be read: File contains no section headers"),
        ("[paths]\nworkspace = a\nrubbish\n", "cannot be read: Source contains parsing errors"),
        ("[core]\nautoload_range = maybe\n", "cannot be read: Not a boolean: maybe"),
        ("[core]\nautoload_rnge = no\n", "[core]: there is no option 'autoload_rnge': did you mean 'autoload_range'?"),
        ("[core]\nno_configure_logging = maybe\n", "[core] no_configure_logging = maybe is not valid"),
        ("[core]\nworkers = two\n", "[core] workers = two is not valid; give a whole number"),
        ("[paths]\nworkspace = /100%/ws\n", "[paths] workspace: '%' must be followed by '%'"),
        ("[DEFAULT]\nworkspace = a\n", "[DEFAULT]: nothing reads this section"),
    ],
)
def test_a_verb_says_what_is_wrong_with_luigi_cfg_without_a_traceback(
    tmp_path: Path, luigi_cfg: str, message: str
) -> None:
    run = status(tmp_path, luigi_cfg)
    assert run.returncode == 2
    assert run.stderr.startswith(f"error: luigi.cfg {message}")
    assert "Traceback" not in run.stderr
    assert len(run.stderr) < 5_000


def test_all_that_luigi_reads_is_admitted(tmp_path: Path) -> None:
    run = status(
        tmp_path,
        "[core]\nautoload_range = no\nno_configure_logging = 1\nlog_level = INFO\ndefault-scheduler-port = 1\n"
        "[worker]\nkeep_alive = true\nping-interval = 0.5\n"
        "[scheduler]\nretry_count = 3\n"
        "[retcode]\ntask_failed = 1\n"
        "[execution_summary]\nsummary_length = 9\n"
        "[resources]\nanything = 1\n"
        "[email]\nreceiver = a@b.c\n",
    )
    assert run.returncode == 0, run.stderr


def test_a_data_set_that_cannot_be_used_stops_no_command_for_another(capsys: pytest.CaptureFixture[str]) -> None:
    with configured({"dataset:mine": {"source": "cifar11"}, "dataset:good": CIFAR}):
        check_config(["FullReport", "--dataset", "good"])
        with pytest.raises(UserError, match="there is no source 'cifar11'"):
            check_config(["FullReport", "--dataset=mine"])
    assert "warning: [dataset:mine]: there is no source 'cifar11'" in capsys.readouterr().err
