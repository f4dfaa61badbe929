"""Explains a trained model from its file alone: its layers, where it looks in pictures, and the values of its channels.

Reads model.keras with classes.csv, predictions.csv and the test pictures of the pack. Writes, always the same bytes:
- layers.csv, as models/explanation/layer_table.py says;
- explained.csv (path,true,predicted,role,looked_at,probability), a row for each picture and class that is explained,
and
  gradcam.npz (pixels and heat, uint8) with an entry for each of its rows but the last, whose role is `channels`;
- activations.csv (number,layer,kind,rows,columns,channels), and activations.npz with the output of each layer, by its
  number, for the picture of that last row, the picture itself, and the enlarged channels of the first convolution;
- explanation.json: the layer that Grad-CAM looked at and the first convolution, null where there is none.
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
from models.explanation.explained_pictures import (
    ExplainedClass,
    Predicted,
    choose_explained,
    first_right,
    read_predicted,
)
from models.explanation.gradcam import heat_of, layer_to_look_at
from models.explanation.layer_calls import LayerMap, calls_of, maps_among
from models.explanation.layer_table import write_layers

EXPLAINED = ("path", "true", "predicted", "role", "looked_at", "probability")
CHANNELS = "channels"  # the role of the picture whose channels are shown
ACTIVATIONS = ("number", "layer", "kind", "rows", "columns", "channels")


def explain(model_path: Path, predictions_csv: Path, pack_dir: Path, folder: Path) -> None:
    """Writes all of it into `folder`."""
    prepare_tensorflow()
    from keras import models

    model = models.load_model(model_path, compile=False)
    classes, (pixels, _) = read_run_classes(model_path.parent).predicted, read_subset(pack_dir, "test")
    pictures = read_predicted(predictions_csv)
    shown = first_right(pictures)
    maps = maps_among(calls_of(model, pixels[[shown.position]]))
    looked_at = layer_to_look_at(maps)
    explained = choose_explained(pictures) if looked_at else []
    write_layers(model, folder / "layers.csv")
    _write_explained(folder / "explained.csv", explained, shown, classes)
    explained_pixels, heat = pixels[[one.picture.position for one in explained]], np.empty((0, 0, 0))
    if looked_at and explained:
        heat = heat_of(model, explained_pixels, np.array([one.label for one in explained]), looked_at)
    np.savez_compressed(folder / "gradcam.npz", pixels=explained_pixels, heat=np.round(255 * heat).astype(np.uint8))
    first = _write_activations(folder, maps, pixels[shown.position])
    about = {"gradcam": looked_at and _describe(looked_at), "first_layer": first}
    (folder / "explanation.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def _write_explained(
    target: Path, explained: Sequence[ExplainedClass], shown: Predicted, classes: Sequence[str]
) -> None:
    def row(picture: Predicted, label: int, role: str) -> tuple[str | float, ...]:
        names = (classes[picture.label], classes[picture.predicted], role, classes[label])
        return (picture.path, *names, picture.probabilities[label])

    rows = [row(*one, one.picture.role) for one in explained]
    write_rows(target, EXPLAINED, [*rows, row(shown, shown.predicted, CHANNELS)])


def _write_activations(folder: Path, maps: Sequence[LayerMap], picture: np.ndarray) -> dict[str, Any] | None:
    """Writes activations.csv and activations.npz; returns what describes the first convolution, or None."""
    rows = [(number, *_describe(each).values()) for number, each in enumerate(maps, start=1)]
    write_rows(folder / "activations.csv", ACTIVATIONS, rows)
    arrays: dict[str, Any] = {f"{number}": channels for number, channels in enumerate(all_channels(maps), start=1)}
    first = next((each for each in maps if each.call.is_convolution), None)
    about = None
    if first:
        numbers, arrays["enlarged"] = enlarged_channels(first)
        about = {**_describe(first), "shown": numbers}
    np.savez_compressed(folder / "activations.npz", picture=picture, **arrays)
    return about


def _describe(layer_map: LayerMap) -> dict[str, Any]:
    layer = layer_map.call.layer
    kind = type(layer).__name__
    return {
        "layer": layer.name,
        "kind": kind,
        "rows": layer_map.rows,
        "columns": layer_map.columns,
        "channels": layer_map.channels,
    }
