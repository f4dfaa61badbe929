"""Computes the features of every picture of a pack, once for all heads on a backbone.

Reads a pack. Writes backbone.keras (pictures in, features out) and for each subset SUBSET.npy (float32 [n, features],
in the order of the pack). If it is killed, the next call continues with the first subset that is not whole.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from datasets.files.whole_file import whole_file
from datasets.pack import SUBSETS, read_subset
from datasets.progress import progress
from models.backbones.backbone import new_backbone
from models.backend import prepare_tensorflow
from models.recipes.recipe import Recipe

BACKBONE = "backbone.keras"
PICTURES_AT_ONCE = 64


def embed(recipe: Recipe, pack_dir: Path, folder: Path, say: Callable[[str], None] = print) -> None:
    """Writes the backbone and the features of every subset."""
    prepare_tensorflow()
    import tensorflow as tf

    present = [subset for subset in SUBSETS if (pack_dir / f"{subset}_pixels.npy").exists()]
    pictures = {subset: read_subset(pack_dir, subset)[0] for subset in present}
    backbone = new_backbone(recipe, pictures[present[0]].shape[1:], say)
    backbone.save(folder / BACKBONE)

    features_of = tf.function(lambda batch: backbone(batch, training=False), reduce_retracing=True)
    for subset, pixels in pictures.items():
        if not (folder / f"{subset}.npy").exists():
            _write_features(folder / f"{subset}.npy", pixels, features_of, backbone.output.shape[1])


def _write_features(path: Path, pixels: np.ndarray, features_of: Callable[[np.ndarray], Any], width: int) -> None:
    with whole_file(path) as unfinished, progress(f"features of {path.stem}", len(pixels)) as advance:
        features = np.lib.format.open_memmap(unfinished, mode="w+", dtype=np.float32, shape=(len(pixels), width))
        for start in range(0, len(pixels), PICTURES_AT_ONCE):
            batch = np.asarray(pixels[start : start + PICTURES_AT_ONCE])
            features[start : start + len(batch)] = features_of(batch)
            advance(len(batch))
        features.flush()
