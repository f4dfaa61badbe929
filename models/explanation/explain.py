"""Explains a trained model from its file alone: its layers, where it looks in pictures, what its channels say.

Reads model.keras with classes.csv, predictions.csv and the pack's test pictures. Writes, always in the same bytes,
- layers.csv, as models/explanation/layers.py says;
- explained.csv (path,true,predicted,role,looked_at,probability), a row for each picture and class looked at, and
  gradcam.npz (pixels and heat, uint8), an entry for each of its rows but the last, whose role is `channels`;
- activations.csv (number,layer,kind,rows,columns,channels), and activations.npz: by its number what each layer says of
  that last row's picture, the picture itself, and the enlarged channels of the first convolution;
- explanation.json: which layer was looked at, and which convolution is the first, null where there is none.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from datasets.pack import read_subset
from datasets.tables import write_rows
from models.backend import prepare_tensorflow
from models.evaluation.run_classes import read_run_classes
from models.explanation.activations import all_channels, enlarged_channels
from models.explanation.chosen import Look, Predicted, first_right, looks_at, read_predicted
from models.explanation.gradcam import heat_of, layer_to_look_at
from models.explanation.layer_calls import Map, calls_of, maps_among
from models.explanation.layers import write_layers

EXPLAINED = ("path", "true", "predicted", "role", "looked_at", "probability")
CHANNELS = "channels"  # the role of the picture that they are shown of
ACTIVATIONS = ("number", "layer", "kind", "rows", "columns", "channels")


def explain(model_path: Path, predictions_csv: Path, pack_dir: Path, folder: Path) -> None:
    """Write all of it into `folder`."""
    prepare_tensorflow()
    from keras import models

    model = models.load_model(model_path, compile=False)
    classes, (pixels, _) = read_run_classes(model_path.parent).predicted, read_subset(pack_dir, "test")
    pictures = read_predicted(predictions_csv, classes)
    seen = first_right(pictures)
    maps = maps_among(calls_of(model, pixels[[seen.position]]))
    looked_at = layer_to_look_at(maps)
    looks = looks_at(pictures) if looked_at else []
    write_layers(model, folder / "layers.csv")
    _write_explained(folder / "explained.csv", looks, seen, classes)
    shown, heat = pixels[[look.picture.position for look in looks]], np.empty((0, 0, 0))
    if looked_at and looks:
        heat = heat_of(model, shown, np.array([look.label for look in looks]), looked_at)
    np.savez_compressed(folder / "gradcam.npz", pixels=shown, heat=np.round(255 * heat).astype(np.uint8))
    first = _write_activations(folder, maps, pixels[seen.position])
    about = {"gradcam": looked_at and _in_numbers(looked_at), "first_layer": first}
    (folder / "explanation.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def _write_explained(target: Path, looks: Sequence[Look], seen: Predicted, classes: Sequence[str]) -> None:
    def row(picture: Predicted, label: int, role: str) -> tuple[str | float, ...]:
        names = (classes[picture.label], classes[picture.predicted], role, classes[label])
        return (picture.path, *names, picture.probabilities[label])

    rows = [row(*look, look.picture.role) for look in looks]
    write_rows(target, EXPLAINED, [*rows, row(seen, seen.predicted, CHANNELS)])


def _write_activations(folder: Path, maps: Sequence[Map], picture: np.ndarray) -> dict[str, Any] | None:
    """Gives what is said of the first convolution, None where there is none."""
    rows = [(number, *_in_numbers(each).values()) for number, each in enumerate(maps, start=1)]
    write_rows(folder / "activations.csv", ACTIVATIONS, rows)
    arrays: dict[str, Any] = {f"{number}": channels for number, channels in enumerate(all_channels(maps), start=1)}
    first = next((each for each in maps if each.call.is_convolution), None)
    about = None
    if first:
        shown, arrays["enlarged"] = enlarged_channels(first)
        about = {**_in_numbers(first), "shown": shown}
    np.savez_compressed(folder / "activations.npz", picture=picture, **arrays)
    return about


def _in_numbers(one: Map) -> dict[str, Any]:
    layer = one.call.layer
    kind = type(layer).__name__
    return {"layer": layer.name, "kind": kind, "rows": one.rows, "columns": one.columns, "channels": one.channels}
