"""Measures how many wrong labels the audit finds, beside simpler ways, and what it is worth to put them right.

    python benchmarks/wrong_labels.py --folder DIR [--cifar DIR --noise cifar10n.npz] [--folds 3] [--epochs 6]

Audits the sample, whose wrong labels are planted, and CIFAR-10 (its binary layout) under each noisy labelling that the
.npz holds beside `clean_label`, in the order of the training pictures; then runs the printed commands of all suspects
but the test pictures' and trains again. Everything is kept in DIR, and the same call later goes on from there.
"""

import argparse
import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import mean
from typing import NamedTuple

import numpy as np
from measuring import luigi, print_table

from datasets.pack import gather, read_classes, read_column
from datasets.sources.sample.flaws import wrong_labels
from datasets.suspects import find_suspects, weigh
from datasets.tables import SuspectRow, read_exported, read_rows
from models.cross_validation import judge
from models.evaluation.prediction import predict

BATCHES = [f"data_batch_{number}.bin" for number in range(1, 6)]
BYTES_PER_RECORD = 3073
LABELLINGS = ("aggre_label", "random_label1")
HEADER = ("", "wrong", "in the first 100", "in 1,000", "found at 70 % right", "flagged", "right", "found")


class Case(NamedTuple):
    """A data set with wrong labels: its project's folder and name, the true labels by number, the seeds to train."""

    name: str
    project: Path
    dataset: str
    true_labels: Mapping[int, int]  # of the wrongly labelled
    seeds: range

    @property
    def home(self) -> Path:
        return self.project / "workspace" / self.dataset

    def run(self, task: str, *options: str) -> None:
        command = luigi(task, "--dataset", self.dataset, *options)
        subprocess.run(command, cwd=self.project, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True, help="where everything is kept")
    parser.add_argument("--cifar", type=Path, help="a folder with CIFAR-10's binary layout")
    parser.add_argument("--noise", type=Path, help="an .npz with the noisy labels of its training pictures")
    parser.add_argument("--labels", default=",".join(LABELLINGS), type=lambda names: names.split(","))
    parser.add_argument("--precision", default="float32", help="of the recipe: float32 or mixed_bfloat16")
    parser.add_argument("--folds", default="3")
    parser.add_argument("--epochs", default="6", help="of every training")
    options = parser.parse_args()
    settings = {"base": "quick", "precision": options.precision, "epochs": options.epochs}
    cases = [plant_in_sample(options.folder / "sample", settings)]
    if options.cifar:
        cases += [
            replace_labels(options.folder, options.cifar, options.noise, name, settings) for name in options.labels
        ]
    for case in cases:
        audit(case, int(options.folds))
    for case in cases:
        accuracies = close_the_loop(case)
        print(f"\n{case.name}: audited in {seconds_of_audit(case):,.0f} s\n")
        print_table(HEADER, compare_ways(case))
        print()
        rows = ((state, f"{mean(of_seeds):.1%}", len(of_seeds)) for state, of_seeds in accuracies.items())
        print_table(("labels", "test accuracy", "seeds"), rows)


def write_project(project: Path, settings: Mapping[str, str], archives: Path | None) -> None:
    project.mkdir(parents=True, exist_ok=True)
    recipe = "\n".join(f"{name} = {value}" for name, value in settings.items())
    sections = f"[recipe:measured]\n{recipe}\n" + (f"[cifar]\narchives = {archives}\n" if archives else "")
    (project / "luigi.cfg").write_text(sections, encoding="utf-8")


def plant_in_sample(project: Path, settings: Mapping[str, str]) -> Case:
    write_project(project, settings, None)
    return Case("sample", project, "sample", {flaw.number: flaw.true_label for flaw in wrong_labels()}, range(3))


def replace_labels(folder: Path, cifar: Path, noise: Path, labelling: str, settings: Mapping[str, str]) -> Case:
    """Writes CIFAR-10 as a project whose archive has other labels for the training pictures."""
    project = folder / labelling
    archive = project / "cifar-10-batches-bin"
    archive.mkdir(parents=True, exist_ok=True)
    (archive / "test_batch.bin").write_bytes((cifar / "test_batch.bin").read_bytes())
    given, true = (labels.astype(np.uint8) for labels in (np.load(noise)[labelling], np.load(noise)["clean_label"]))
    for batch, start in zip(BATCHES, range(0, len(given), 10_000), strict=True):
        records = np.fromfile(cifar / batch, np.uint8).reshape(-1, BYTES_PER_RECORD)
        records[:, 0] = given[start : start + len(records)]
        records.tofile(archive / batch)
    write_project(project, settings, archive.resolve())
    wrong = {int(number): int(true[number]) for number in np.flatnonzero(given != true)}
    return Case(f"CIFAR-10, {labelling}", project, "cifar10", wrong, range(1))


def audit(case: Case, folds: int) -> None:
    """Audits the labels as given and keeps what was found, since the labels are changed later."""
    if (case.project / "judgement.npz").exists():
        return
    move_back(case)
    case.run("AuditLabels", "--recipe", "measured", "--folds", str(folds))
    latest = case.home / "latest"
    models = [latest / "folds" / str(fold) for fold in range(folds)]
    judged = judge(latest / "pack", latest / "folds/split/folds.csv", latest / "duplicates", models)
    numbers = {row.path: row.number for row in read_exported(case.home / "export.csv")}
    (case.project / "suspects.csv").write_bytes((latest / "audit/suspects.csv").read_bytes())
    (case.project / "seconds.json").write_text(json.dumps([took(stage) for stage in (*models, latest / "audit")]))
    np.savez(case.project / "judgement.npz", numbers=[numbers[path] for path in judged.paths], **judged._asdict())


def took(result: Path) -> float:
    return float(json.loads((result / "trace.json").read_text(encoding="utf-8"))["seconds"])


def seconds_of_audit(case: Case) -> float:
    return float(sum(json.loads((case.project / "seconds.json").read_text(encoding="utf-8"))))


def close_the_loop(case: Case) -> dict[str, list[float]]:
    """Returns the test accuracies with the labels as given, with the suspects moved, and with all labels true."""
    results_json = case.project / "accuracies.json"
    accuracies = json.loads(results_json.read_text(encoding="utf-8")) if results_json.exists() else {}
    for state, change in (("as given", None), ("suspects moved", move_suspects), ("all true", move_to_true)):
        if state in accuracies:
            continue
        move_back(case)
        if change:
            change(case)
        accuracies[state] = [test_accuracy(case, seed) for seed in case.seeds]
        if not change:
            latest = case.home / "latest"
            everything = gather(latest / "pack", "pixels", np.arange(len(read_column(latest / "pack", "path"))))
            np.save(case.project / "alone.npy", predict(latest / "runs/measured/train/model.keras", everything))
        results_json.write_text(json.dumps(accuracies), encoding="utf-8")
    return accuracies


def move_back(case: Case) -> None:
    """Moves every exported picture to where it was exported, if there was an export."""
    export_csv = case.home / "export.csv"
    if export_csv.exists():
        move(case, {Path(row.path).name: row.class_name for row in read_exported(export_csv)})


def move_suspects(case: Case) -> None:
    """Moves the suspects by the printed commands; test pictures stay, for they measure."""
    rows = [SuspectRow(*row) for row in read_rows(case.project / "suspects.csv")]
    commands = "\n".join(row.command for row in rows if row.subset != "test")
    subprocess.run(["sh", "-s"], input=commands, text=True, cwd=case.home / "images", check=True)


def move_to_true(case: Case) -> None:
    classes = read_classes(case.home / "latest/pack")
    names = {row.number: Path(row.path).name for row in read_exported(case.home / "export.csv")}
    move(case, {names[number]: classes[label] for number, label in case.true_labels.items()})


def move(case: Case, class_names: Mapping[str, str]) -> None:
    """Moves training pictures into classes, by the names of their files."""
    for picture in list((case.home / "images/train").glob("*/*.png")):
        class_name = class_names.get(picture.name, picture.parent.name)
        if class_name != picture.parent.name:
            picture.rename(picture.parent.parent / class_name / picture.name)


def test_accuracy(case: Case, seed: int) -> float:
    case.run("EvaluateModel", "--recipe", "measured", "--TrainModel-seed", str(seed))
    metrics = (case.home / "latest/runs/measured/evaluate/metrics.json").read_text(encoding="utf-8")
    return float(json.loads(metrics)["accuracy"])


def compare_ways(case: Case) -> Iterator[list[object]]:
    """Compares the audit with simpler ways, on the pictures that train or validate."""
    from cleanlab.filter import find_label_issues

    kept, alone = np.load(case.project / "judgement.npz"), np.load(case.project / "alone.npy")
    labels, shares, is_learnt = kept["labels"], kept["probabilities"], kept["subsets"] != "test"
    is_wrong = np.isin(kept["numbers"], list(case.true_labels))
    weighed = weigh(labels, shares)
    by_default = {"return_indices_ranked_by": "self_confidence", "n_jobs": 1}
    for way, probabilities, flagged in (
        ("the audit", weighed, find_suspects(labels, weighed)),
        ("cleanlab's defaults on its probabilities", shares, find_label_issues(labels, shares, **by_default)),
        ("one model on what it learnt from", alone, find_label_issues(labels, alone, **by_default)),
    ):
        confidence = probabilities[np.arange(len(labels)), labels][is_learnt]
        is_flagged = np.isin(np.flatnonzero(is_learnt), flagged)
        yield [way, *describe(confidence, is_wrong[is_learnt], is_flagged)]


def describe(confidence: np.ndarray, is_wrong: np.ndarray, is_flagged: np.ndarray) -> list[str]:
    """Returns how good a ranking by confidence in the label is, least first, and how good the flags are."""
    hits, wrong_count = np.cumsum(is_wrong[np.argsort(confidence, kind="stable")]), int(is_wrong.sum())
    precise = np.flatnonzero(hits >= 0.7 * np.arange(1, len(hits) + 1))
    found = hits[precise[-1]] / wrong_count if len(precise) else 0.0
    first = [f"{hits[count - 1]:,}" if wrong_count >= count else "" for count in (100, 1000)]
    right, count = int((is_wrong & is_flagged).sum()), int(is_flagged.sum())
    flags = [f"{count:,}", f"{right / max(count, 1):.1%}", f"{right / wrong_count:.1%}"]
    return [f"{wrong_count:,}", *first, f"{found:.1%}", *flags]


if __name__ == "__main__":
    main()
