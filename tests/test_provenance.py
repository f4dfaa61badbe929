"""The graph of the stages, the recipes side by side and the model cards, from real files."""

import json
import platform
import re
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Project
from page_inputs import write_and_read, write_inputs

import pipeline
from models.recipes.declaration import Part, declared_options
from models.recipes.recipe import Recipe
from pipeline.engine.trace import read_trace
from reports.content import Page, StageRecord
from reports.facts.model_card import augmentation_in_words, write_model_cards
from reports.page import write_page
from reports.sections.provenance import draw_graph, machines


def made(stage: str, *reads: str, recipe: str = "", is_new: bool = False) -> StageRecord:
    trace = {"stage": stage, "key": "abc", "parameters": {}, "seconds": 2.0, "made": "2026-01-02T03:04:05+00:00"}
    return StageRecord(f"{stage} {recipe}".strip(), reads, is_new, trace | {"versions": {}})


STAGES = (
    made("IndexImages"),
    made("SplitImages", "IndexImages"),
    made("PackImages", "IndexImages", "SplitImages"),
    made("TrainModel", "PackImages", recipe="plain"),
    made("TrainModel", "PackImages", "TrainModel plain", recipe="tuned", is_new=True),
    made("EvaluateModel", "PackImages", "SplitImages", "TrainModel plain", recipe="plain"),
)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Page:
    edits = [["moved", "train/dog/1.png", "train/cat/1.png", "cat", "<dog>", "1.png: cat to <dog>"]]
    return write_inputs(tmp_path_factory.mktemp("inputs"), ["cat", "<dog>"], edits)


def test_the_graph_has_each_kind_of_stage_once_and_only_the_direct_lines() -> None:
    graph = draw_graph(STAGES)
    assert [kind.name for kind in graph.kinds] == [*dict.fromkeys(of.trace["stage"] for of in STAGES), "FullReport"]
    assert graph.in_words == (
        "SplitImages reads IndexImages; PackImages reads SplitImages; TrainModel reads PackImages; "
        "EvaluateModel reads TrainModel; FullReport reads EvaluateModel"
    )
    trainings = graph.kinds[3]
    assert (len(trainings.results), trainings.seconds, trainings.new_count) == (2, 4.0, 1)


@pytest.mark.slow
def test_what_was_made_now_is_told_from_what_was_found_again(tmp_path: Path, inputs: Page) -> None:
    page = write_and_read(tmp_path / "report.html", replace(inputs, stages=STAGES))
    text = " ".join(page.text.split())
    assert "TrainModel \N{MULTIPLICATION SIGN} 2 4.0 s, 1 made now" in text
    assert "PackImages 2.0 s, found again" in text
    assert page.all("svg")[0][1]["aria-label"] == draw_graph(STAGES).in_words


@pytest.mark.slow
def test_options_in_which_recipes_differ_stand_side_by_side(tmp_path: Path, inputs: Page) -> None:
    plain, wide = inputs.runs
    runs = (plain, replace(wide, parameters=wide.parameters | {"epochs": 7}))
    write_page(tmp_path / "report.html", replace(inputs, runs=runs))
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    differing = html[html.index("Options in which the recipes differ") : html.index("Every option of each recipe")]
    assert '<th scope="row"><code>epochs</code></th><td>2</td><td>7</td>' in differing
    assert "augmentation" not in differing


def test_a_traces_machine_is_noted_and_an_old_trace_without_it_is_read(project: Project) -> None:
    project.built(pipeline.IndexImages)
    trace = read_trace(project.home / "latest/index")
    assert trace["machine"]["system"].startswith(platform.system())
    assert trace["machine"]["cores"] >= 1
    assert "machine" not in trace["contents"] | trace["parameters"]
    noted = machines([StageRecord("IndexImages", (), True, trace), *STAGES])
    assert noted == [", ".join([*map(str, list(trace["machine"].values())[:2]), f"{trace['machine']['cores']} cores"])]


def test_a_section_of_a_stage_that_did_not_run_says_how_to_run_it(tmp_path: Path, inputs: Page) -> None:
    command = "luigi --module pipeline FullReport --dataset sample --recipes 'my own,plain' --audit=false"
    text = write_and_read(tmp_path / "report.html", replace(inputs, command=command)).text
    assert "FullReport --dataset sample --recipes 'my own,plain' --audit true" in text
    told = replace(inputs, command="luigi X --audit auto --seeds 2")
    assert told.command_with("--audit", "true") == "luigi X --seeds 2 --audit true"


def test_a_model_card_says_what_the_model_is_for_and_where_it_fails(tmp_path: Path, inputs: Page) -> None:
    write_model_cards(inputs, tmp_path)
    card = (tmp_path / "model-card-plain.md").read_text(encoding="utf-8")
    for told in (
        "# Model card: plain",
        "into 2 classes: cat, \\<dog\\>.",
        "pictures of 32 x 32 pixels",
        "2,401 pictures, 1,200 to 1,201 of each class, from the sample that this project paints; 14 more",
        "Edits since the export: 1 moved: cat to \\<dog\\>.",
        "61.0% of 900 test pictures right (95% interval 59.0% to 63.0%)",
        "The most frequent mistake is cat taken for \\<dog\\>: 3 of 9.",
        "seed 0, computed in mixed\\_bfloat16; the report has every option",
        "measure its accuracy to within about 2.0 points",
        'model = keras.models.load_model("model.keras")',
    ):
        assert told in card, told
    assert not re.search(r"(?<!\\)<", card)


def test_the_page_holds_the_same_card(tmp_path: Path, inputs: Page) -> None:
    write_model_cards(inputs, tmp_path)
    card = (tmp_path / "model-card-wide.md").read_text(encoding="utf-8").replace("\\", "")
    text = " ".join(write_and_read(tmp_path / "report.html", inputs).text.split())
    assert all(line[2:] in text for line in card.splitlines() if line.startswith("- "))


def test_augmentation_is_told_in_words() -> None:
    assert augmentation_in_words({"rotation_degrees": 0.0, "mixup": 0.0}).endswith("without augmentation.")
    told = augmentation_in_words({"rotation_degrees": 40.0, "horizontal_shift_fraction": 0.15})
    assert "turned by up to 40 degrees, shifted sideways by up to 15%." in told
    told = augmentation_in_words({"mirrored_fraction": 0.5, "scales": [0.625, 0.75]})
    assert "every time: mirrored in 50% of the epochs, shown at 62.5% to 75% of its size." in told
    assert augmentation_in_words({"scales": [0.75, 0.75]}).endswith("every time: shown at 75% of its size.")


@pytest.mark.slow
def test_the_three_lines_of_a_card_load_the_model_without_this_project(project: Project) -> None:
    project.built(pipeline.FullReport, recipes=("quick",))
    card = (project.home / "latest/report/model-card-quick.md").read_text(encoding="utf-8")
    lines = card.split("```python\n")[1].split("```")[0]
    assert len([line for line in lines.strip().splitlines() if not line.startswith("#")]) == 3
    train = project.home / "latest/runs/quick/train"
    lines = lines.replace('"model.keras"', json.dumps(str(train / "model.keras")))
    told: dict[str, object] = {}
    exec(f"import numpy\npictures = numpy.zeros((4, 32, 32, 3), 'uint8')\n{lines}", told)
    assert told["probabilities"].shape == (4, 3)  # type: ignore[attr-defined]


def test_the_card_knows_every_option_that_changes_pictures() -> None:
    """The strength of RandAugment tells of `randaugment_operations` too."""
    options = {name for name, option in declared_options(Recipe).items() if option.part is Part.PICTURES}
    for name in options - {"randaugment_operations"}:
        changed = [0.75] if name == "scales" else 0.5
        assert not augmentation_in_words({name: changed}).endswith("without augmentation."), name
