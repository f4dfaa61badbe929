"""Measures how well photos are told apart by what a pretrained network sees in them, and how long each step takes.

    python benchmarks/frozen_backbone.py --folder DIR --weights squeezenet_notop.h5 --pictures DIR [--sizes 160,192,227]

Puts SqueezeNet together, reads its weights, saves it as one .keras file, and runs the recipe frozen-file on it by
Luigi's command for pictures of the last of the sizes; then another head, and then the network's last layers. After
that, every head in HEADS on pictures of every size. Everything is kept in DIR.
"""

import argparse
import contextlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import mean

import numpy as np
from measuring import Measured, luigi, print_table, time_command
from squeezenet import write_squeezenet

SEEDS = range(3)
BASE = {"base": "frozen-file", "backbone_file": "squeezenet.keras", "backbone_input": "caffe"}
HEADS: Mapping[str, Mapping[str, str]] = {
    "frozen": {},
    "linear": {"dense_dropout": "0"},
    "linear-penalty": {"dense_dropout": "0", "weight_penalty": "0.01", "learning_rate": "0.003"},
    "dense": {"network": "dense_head", "dense_dropout": "0"},
    "dense-dropout": {"network": "dense_head"},
    "dense-decay": {"network": "dense_head", "optimiser": "adamw", "weight_decay": "0.1", "learning_rate": "0.0003"},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True, help="where everything is kept")
    parser.add_argument("--weights", type=Path, required=True, help="SqueezeNet's weights, a file of Keras 2")
    parser.add_argument("--pictures", type=Path, required=True, help="a folder of photos, as [dataset:...] path has it")
    parser.add_argument("--sizes", default="160,192,227", help="the squares' sides in pixels")
    options = parser.parse_args()
    sizes = options.sizes.split(",")
    options.folder.mkdir(parents=True, exist_ok=True)
    write_squeezenet(options.weights, options.folder / "squeezenet.keras")
    write_settings(options.folder, options.pictures.resolve(), sizes)
    print_table(("step", "seconds", "peak MB", "test accuracy"), run_steps(options.folder, f"pets-{sizes[-1]}"))
    print()
    print_table(("head", *sizes), compare_heads(options.folder, sizes))


def write_settings(folder: Path, pictures: Path, sizes: Sequence[str]) -> None:
    photos = {"source": "folder", "path": str(pictures), "fit": "stretch"}
    sections = {f"dataset:pets-{size}": photos | {"size": size} for size in sizes}
    sections |= {f"recipe:{name}": {**BASE, **options} for name, options in HEADS.items()}
    text = "\n".join(
        f"[{name}]\n" + "".join(f"{option} = {value}\n" for option, value in options.items())
        for name, options in sections.items()
    )
    (folder / "luigi.cfg").write_text(text, encoding="utf-8")


def run_steps(folder: Path, dataset: str) -> Iterator[list[str]]:
    """Times each step on the way to a measured model, each in a process of its own."""

    def run(task: str, *options: str) -> Measured:
        return time_command(luigi(task, "--dataset", dataset, *options), folder)

    def row(step: str, measured: Measured, accuracy: str = "") -> list[str]:
        return [step, f"{measured.seconds:.1f}", f"{measured.peak_mb:,.0f}", accuracy]

    yield row("pictures exported and packed", run("PackImages"))
    yield row("features of all of them", run("EmbedImages", "--recipe", "frozen"))
    yield row("the head", run("TrainModel", "--recipe", "frozen"))
    yield row("measured", run("EvaluateModel", "--recipe", "frozen"), accuracy_of(folder, dataset))
    another = ("--recipe", "frozen", "--TrainModel-learning-rate", "0.0005")
    yield row("another head", run("TrainModel", *another))
    yield row("measured", run("EvaluateModel", *another), accuracy_of(folder, dataset))
    unfrozen = ("--recipe", "frozen", "--TrainModel-unfreeze", "8")
    yield row("its last 8 layers too, 5 epochs", run("TrainModel", *unfrozen))
    yield row("measured", run("EvaluateModel", *unfrozen), accuracy_of(folder, dataset))


def accuracy_of(folder: Path, dataset: str) -> str:
    metrics_json = folder / "workspace" / dataset / "latest/runs/frozen/evaluate/metrics.json"
    metrics = json.loads(metrics_json.read_text(encoding="utf-8"))
    return f"{metrics['accuracy']:.1%} ({metrics['accuracy_low']:.1%} to {metrics['accuracy_high']:.1%})"


def compare_heads(folder: Path, sizes: Sequence[str]) -> Iterator[list[str]]:
    """Prints the test accuracies of every head, averaged over the seeds and one by one."""
    os.chdir(folder)  # whose settings Luigi reads when it is loaded, which is below
    for head in HEADS:
        yield [head, *(spread([accuracy_of_head(f"pets-{size}", head, seed) for seed in SEEDS]) for size in sizes)]


def spread(accuracies: Sequence[float]) -> str:
    return f"{mean(accuracies):.1%} ({', '.join(f'{accuracy:.1%}' for accuracy in sorted(accuracies))})"


def accuracy_of_head(dataset: str, head: str, seed: int) -> float:
    """Returns a head's accuracy on the test pictures' features, which is that of the joined model on the pictures."""
    import pipeline
    from models.evaluation.prediction import predict

    task = pipeline.TrainHead(dataset=dataset, recipe=head, seed=seed)
    with contextlib.redirect_stdout(None):
        pipeline.build(task)
    latest = task.home / "latest"
    said = predict(latest / f"runs/{head}/head/model.keras", np.load(task.source("features") / "test.npy"))
    return float((said.argmax(axis=1) == np.load(latest / "pack/test_labels.npy")).mean())


if __name__ == "__main__":
    main()
