"""The files of a run's explanation, written as small real files, with the sheets drawn from them."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from datasets.tables import write_rows
from models.explanation.explain import ACTIVATIONS, EXPLAINED
from models.explanation.layer_table import HEADER as LAYERS
from reports.drawing.channels import draw_channels
from reports.drawing.gradcam import draw_gradcam

SIDE = 8
NAMES = ("convolution_1", "pooling/1")


def write_explanation(
    folder: Path, plots_dir: Path, classes: Sequence[str], names: Sequence[str] = NAMES, channels: int = 9
) -> Path:
    """Writes the explanation of a wrong and a right picture, and of a few layers with this many channels."""
    folder.mkdir()
    own, other = classes[0], classes[-1]
    write_rows(folder / "layers.csv", LAYERS, [("", name, "Conv2D", "8 x 8 x 9", 252, 252) for name in names])
    looks = [
        ("test/a.png", own, other, "wrong", other, 0.9),
        ("test/a.png", own, other, "wrong", own, 0.1),
        ("test/b.png", own, own, "right", own, 0.8),
        ("test/b.png", own, own, "channels", own, 0.8),
    ]
    write_rows(folder / "explained.csv", EXPLAINED, looks)
    random = np.random.default_rng(3)
    pixels = random.integers(0, 256, (3, SIDE, SIDE, 3), np.uint8)
    np.savez(folder / "gradcam.npz", pixels=pixels, heat=random.integers(0, 256, (3, 4, 4), np.uint8))
    rows = [(number, name, "Conv2D", SIDE, SIDE, channels) for number, name in enumerate(names, start=1)]
    write_rows(folder / "activations.csv", ACTIVATIONS, rows)
    said = {str(number): random.integers(0, 256, (channels, SIDE, SIDE), np.uint8) for number, *_ in rows}
    np.savez(folder / "activations.npz", picture=pixels[2], enlarged=said["1"][[4, 7]], **said)
    layer = {"layer": names[0], "kind": "Conv2D", "rows": SIDE, "columns": SIDE, "channels": channels}
    about = {"gradcam": layer, "first_layer": layer | {"shown": [4, 7]}}
    (folder / "explanation.json").write_text(json.dumps(about))
    draw_gradcam(folder, plots_dir / "gradcam.png", "plain")
    draw_channels(folder, plots_dir)
    return folder
