"""Tests `apply`: the edits of another machine, or of an audit, are made in the pictures here."""

import csv
import hashlib
import shutil
from pathlib import Path

import pytest
from conftest import Project, configured
from verb_runs import files_of, label_counts, paint, refusal_of, run_verb

import pipeline


@pytest.fixture
def elsewhere(exported: Project, tiny_archive: Path, tmp_path: Path) -> Project:
    """Returns a project with the same pictures, exported on another machine."""
    project = Project(tmp_path / "elsewhere", tiny_archive)
    project.build(pipeline.IndexImages)
    return project


def edits_csv_of(project: Project) -> str:
    """Returns the path of a project's edits.csv, as it is now."""
    project.table("edits.csv")
    return str(project.home / "latest/index/edits.csv")


def write_suspects(project: Project, *rows: tuple[str, str]) -> str:
    """Writes a suspects.csv about what lies at these paths now. Returns its path."""
    hashes = {path: hashlib.sha256(content).hexdigest() for path, content in files_of(project).items()}
    header = ("path", "label", "suggested", "score", "sha256")
    return write_table(project, header, *((path, "0", new, "0.9", hashes.get(path, "0" * 64)) for path, new in rows))


def write_table(project: Project, *rows: tuple[str, ...]) -> str:
    """Writes a table of these rows. Returns its path."""
    table = project.folder / "table.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return str(table)


def test_what_was_moved_and_deleted_elsewhere_is_moved_and_deleted_here(exported: Project, elsewhere: Project) -> None:
    moved, gone, to_test = (elsewhere.picture("cat", position) for position in range(3))
    moved.rename(elsewhere.images / "train/dog" / moved.name)
    gone.unlink()
    to_test.rename(elsewhere.images / "test/cat" / to_test.name)
    renamed = elsewhere.picture("dog", -1)
    renamed.rename(renamed.with_name(f"2{renamed.name[1:]}"))
    printed = run_verb(exported, "apply", edits_csv_of(elsewhere), "--yes")
    assert "3 pictures moved, 1 picture taken out" in printed
    assert label_counts(exported) == label_counts(elsewhere)
    assert "nothing to apply\n4 pictures already as they should be" in run_verb(
        exported, "apply", edits_csv_of(elsewhere)
    )


def test_without_yes_it_says_what_it_would_do_and_touches_nothing(exported: Project, elsewhere: Project) -> None:
    elsewhere.picture("cat").unlink()
    before = files_of(exported)
    assert "apply would take out 1 picture" in run_verb(exported, "apply", edits_csv_of(elsewhere))
    assert files_of(exported) == before


def test_a_picture_is_found_by_its_content_wherever_it_lies_here(exported: Project, elsewhere: Project) -> None:
    here, there = exported.picture("cat"), elsewhere.picture("cat")
    here.rename(exported.images / "test/frog/a frog.png")
    there.rename(elsewhere.images / "train/dog" / there.name)
    run_verb(exported, "apply", edits_csv_of(elsewhere), "--yes")
    assert (exported.images / "train/dog/a frog.png").exists()
    assert label_counts(exported) == label_counts(elsewhere)


def test_what_apply_did_can_be_undone(exported: Project, elsewhere: Project) -> None:
    before = files_of(exported)
    elsewhere.picture("cat").unlink()
    moved = elsewhere.picture("cat", 1)
    moved.rename(elsewhere.images / "train/dog" / moved.name)
    run_verb(exported, "apply", edits_csv_of(elsewhere), "--yes")
    assert files_of(exported) != before
    assert "1 picture moved, 1 picture brought back" in run_verb(exported, "undo", "--yes")
    assert files_of(exported) == before


def test_pixels_cannot_be_carried_by_a_table_and_are_listed(exported: Project, elsewhere: Project) -> None:
    repainted = elsewhere.picture("cat")
    paint(elsewhere, f"train/cat/{repainted.name}")
    paint(elsewhere, "train/dog/new.png", "blue")
    printed = run_verb(exported, "apply", edits_csv_of(elsewhere), "--yes")
    assert "2 pictures left alone" in printed
    assert f"train/cat/{repainted.name}: repainted: a table cannot carry pixels, so copy the file itself" in printed
    assert "train/dog/new.png: added: a table cannot carry pixels" in printed


def test_a_content_not_found_here_is_listed(exported: Project, elsewhere: Project) -> None:
    picture = elsewhere.picture("cat")
    picture.rename(elsewhere.images / "train/dog" / picture.name)
    (exported.images / "train/cat" / picture.name).unlink()
    printed = run_verb(exported, "apply", edits_csv_of(elsewhere), "--yes")
    assert f"train/cat/{picture.name}: no picture here has its content" in printed


def test_of_pictures_alike_the_one_exported_under_the_same_path_is_meant(exported: Project, elsewhere: Project) -> None:
    original = exported.picture("cat")
    shutil.copy(original, exported.images / "train/cat/a copy.png")
    (elsewhere.images / "train/cat" / original.name).unlink()
    run_verb(exported, "apply", edits_csv_of(elsewhere), "--yes")
    assert (exported.images / "train/cat/a copy.png").exists() != original.exists()


def test_a_copy_of_what_is_deleted_stays_what_it_was(exported: Project, elsewhere: Project) -> None:
    deleted = elsewhere.picture("dog")
    deleted.unlink()
    shutil.copy(exported.picture("dog"), exported.images / "train/cat/2_copy.png")
    before = label_counts(exported)
    run_verb(exported, "apply", edits_csv_of(elsewhere), "--yes")
    gone = before - label_counts(exported)
    assert [class_name for _, class_name, _ in gone.elements()] == ["dog"]
    assert (exported.images / "train/cat/0_copy.png").exists()


def test_suspects_among_the_test_pictures_are_left_out_unless_asked_for(exported: Project) -> None:
    suspect = exported.picture("cat", subset="test")
    table = write_suspects(exported, (f"test/cat/{suspect.name}", "dog"))
    printed = run_verb(exported, "apply", table, "--yes")
    assert "1 test picture left out: a corrected test set is another measure" in printed
    assert suspect.exists()
    printed = run_verb(exported, "apply", table, "--test-pictures", "--yes")
    assert "a corrected test set is another measure" in printed
    assert not suspect.exists()


def test_suspects_are_moved_to_the_class_that_is_suggested(exported: Project) -> None:
    suspect = exported.picture("cat")
    printed = run_verb(exported, "apply", write_suspects(exported, (f"train/cat/{suspect.name}", "dog")), "--yes")
    assert f"train/cat/{suspect.name} -> train/dog/1{suspect.name[1:]}" in printed
    assert (exported.images / f"train/dog/1{suspect.name[1:]}").exists()


def test_only_the_first_rows_are_applied_where_that_is_asked_for(exported: Project) -> None:
    table = write_suspects(exported, *((f"train/cat/{exported.picture('cat', n).name}", "dog") for n in range(5)))
    assert "would move 2 pictures" in run_verb(exported, "apply", table, "--first", "2")


def test_rows_that_fit_nothing_here_are_listed_and_the_others_applied(exported: Project) -> None:
    paths = [f"train/cat/{exported.picture('cat', n).name}" for n in range(2)]
    rows = [(paths[0], "dgo"), ("train/cat/nothing.png", "dog"), (paths[1], "dog"), (paths[1], "frog"), ("", "")]
    printed = run_verb(exported, "apply", write_suspects(exported, *rows), "--yes")
    assert "1 picture moved" in printed
    assert f"{paths[0]}: there is no class 'dgo' here" in printed
    assert "train/cat/nothing.png: no picture here has its content" in printed
    assert f"{paths[1]}: an earlier row decides about that picture" in printed


def test_a_table_that_leads_out_of_the_folders_is_not_followed(exported: Project, elsewhere: Project) -> None:
    picture = elsewhere.picture("cat")
    picture.rename(elsewhere.images / "train/dog" / picture.name)
    table = Path(edits_csv_of(elsewhere))
    text = table.read_text().replace(f"train/dog/{picture.name}", "../../outside/x.png", 1)
    table.write_text(text)
    assert "this row asks for nothing that can be done" in run_verb(exported, "apply", str(table), "--yes")


def test_what_is_no_such_table_is_refused(exported: Project) -> None:
    (exported.folder / "other.csv").write_text("a,b\n1,2\n")
    assert "neither an edits.csv" in refusal_of(exported, "apply", str(exported.folder / "other.csv"))
    assert "No such file" in refusal_of(exported, "apply", "nowhere.csv")
    assert "FILE" in refusal_of(exported, "apply")
    assert "--first: '-1' is not a number of rows" in refusal_of(exported, "apply", "nowhere.csv", "--first=-1")


EDITS = ("edit", "path", "exported_path", "was", "now", "sha256")
SUSPECTS = ("path", "suggested", "sha256")


@pytest.mark.parametrize(
    ("header", "row", "empty"),
    [
        (SUSPECTS, ("{path}", "", "{sha256}"), "suggested"),
        (SUSPECTS, ("{path}", "dog", ""), "sha256"),
        (EDITS, ("moved", "train/dog/x.png", "{path}", "cat", "", "{sha256}"), "now"),
        (EDITS, ("moved", "train/dog/x.png", "{path}", "cat", "dog", ""), "sha256"),
        (EDITS, ("deleted", "", "{path}", "cat", "", ""), "sha256"),
    ],
)
def test_a_row_with_an_empty_cell_is_left_alone(
    exported: Project, header: tuple[str, ...], row: tuple[str, ...], empty: str
) -> None:
    before, picture = files_of(exported), exported.picture("cat")
    path, sha256 = f"train/cat/{picture.name}", hashlib.sha256(picture.read_bytes()).hexdigest()
    cells = tuple(cell.format(path=path, sha256=sha256) for cell in row)
    printed = run_verb(exported, "apply", write_table(exported, header, cells), "--yes")
    assert f"{path}: its {empty} is empty" in printed
    assert files_of(exported) == before


def test_a_suspect_is_found_by_its_content_and_not_at_its_path(exported: Project) -> None:
    suspect, other = exported.picture("cat"), exported.picture("cat", 1)
    table = write_suspects(exported, (f"train/cat/{suspect.name}", "dog"))
    aside = suspect.rename(exported.folder / "aside.png")
    other.rename(suspect)
    aside.rename(other)
    printed = run_verb(exported, "apply", table)
    assert f"train/cat/{other.name} -> train/dog/1{other.name[1:]}" in printed
    assert "would move 1 picture" in printed


def test_an_audit_that_notes_no_contents_is_refused(exported: Project) -> None:
    table = write_table(exported, ("path", "suggested"), (f"train/cat/{exported.picture('cat').name}", "dog"))
    assert "suspects.csv (with columns path, sha256, suggested)" in refusal_of(exported, "apply", table, "--yes")


def test_suspects_that_were_moved_before_are_counted_when_all_are(exported: Project) -> None:
    alike = ["train/cat/a.png", "train/frog/a.png", "train/frog/b.png"]
    for path in alike:
        shutil.copy(exported.picture("cat"), exported.images / path)
    exported.picture("cat").unlink()
    other = f"train/cat/{exported.picture('cat', 3).name}"
    table = write_suspects(exported, *((path, "dog") for path in [*alike, other]))
    assert "2 pictures moved" in run_verb(exported, "apply", table, "--first", "2", "--yes")
    printed = run_verb(exported, "apply", table, "--yes")
    assert "2 pictures moved" in printed
    assert "2 pictures already as they should be" in printed
    assert "left alone" not in printed
    assert "nothing to apply\n4 pictures already as they should be" in run_verb(exported, "apply", table)


def test_what_is_deleted_elsewhere_and_repainted_here_is_left_alone(exported: Project, elsewhere: Project) -> None:
    picture = elsewhere.picture("cat")
    picture.unlink()
    paint(exported, f"train/cat/{picture.name}")
    before = files_of(exported)
    printed = run_verb(exported, "apply", edits_csv_of(elsewhere), "--yes")
    assert f"train/cat/{picture.name}: it was repainted here" in printed
    assert "already" not in printed
    assert files_of(exported) == before


def test_what_is_deleted_elsewhere_and_was_never_here_is_not_said_to_be_gone(exported: Project) -> None:
    table = write_table(exported, EDITS, ("deleted", "", "train/cat/0_00.png", "cat", "", "0" * 64))
    assert "train/cat/0_00.png: no picture here has its content" in run_verb(exported, "apply", table, "--yes")


def test_a_picture_is_moved_once_where_its_name_disagrees_with_its_folder(exported: Project) -> None:
    moved = exported.picture("cat")
    moved = moved.rename(exported.images / "train/dog" / moved.name)
    printed = run_verb(exported, "apply", write_suspects(exported, (f"train/dog/{moved.name}", "frog")), "--yes")
    assert "1 picture moved" in printed
    assert "left alone" not in printed


@pytest.mark.parametrize("saved_as", ["semicolons", "tabs in UTF-16"])
def test_a_table_that_a_spreadsheet_saved_is_read(exported: Project, saved_as: str) -> None:
    cat = next(path for path in files_of(exported) if path.startswith("train/cat/"))
    table = Path(write_suspects(exported, (cat, "dog")))
    text = table.read_text(encoding="utf-8")
    if saved_as == "semicolons":
        table.write_text(text.replace(",", ";"), encoding="utf-8-sig")
    else:
        table.write_text(text.replace(",", "\t"), encoding="utf-16")
    assert "1 picture moved" in run_verb(exported, "apply", str(table), "--yes")


def test_a_table_in_the_workspace_is_about_the_data_set_in_whose_folder_it_lies(
    exported: Project, tiny_archive: Path
) -> None:
    exported.settings["dataset:other"] = dict(exported.settings["dataset:tiny"])
    with configured(exported.settings):
        pipeline.build(pipeline.IndexImages(dataset="other"))
    cat = next(path for path in files_of(exported) if path.startswith("train/cat/"))
    table = Path(write_suspects(exported, (cat, "dog")))
    assert "say which data set" in refusal_of(exported, "apply", str(table))
    lying_there = table.rename(exported.home / "index" / table.name)
    assert "1 picture moved" in run_verb(exported, "apply", str(lying_there), "--yes")
    assert not (exported.images / cat).exists()
