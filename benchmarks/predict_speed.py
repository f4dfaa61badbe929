"""Measures how many pictures a second `predict` names and the memory it takes, against a loop over single pictures.

    python benchmarks/predict_speed.py [--pictures 10000] [--looped 500]

Makes photos of noise (JPEG, 320 x 240) and a model of one epoch on the sample in a temporary folder. Ours is timed as a
whole command, the start of TensorFlow and the table included; of the loop, only the loop.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
from measuring import luigi, print_table, time_command
from PIL import Image

RECIPE = ("--dataset", "sample", "--recipe", "plain")
LOOP = """
import sys, time
from pathlib import Path
import keras, numpy
from PIL import Image
model = keras.models.load_model(sys.argv[1])
began = time.perf_counter()
for path in sorted(Path(sys.argv[2]).iterdir())[:int(sys.argv[3])]:
    picture = Image.open(path).convert("RGB").resize((32, 32))
    model.predict(numpy.asarray(picture)[None], verbose=0)
Path("seconds").write_text(str(time.perf_counter() - began))
"""


def write_photos(folder: Path, count: int) -> None:
    folder.mkdir()
    random = np.random.default_rng(0)
    for number in range(count):
        noise = Image.fromarray(random.integers(0, 256, (30, 40, 3), np.uint8))
        noise.resize((320, 240), Image.Resampling.BICUBIC).save(folder / f"{number:05}.jpg")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=10_000)
    parser.add_argument("--looped", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_photos(folder / "photos", options.pictures)
        write_photos(folder / "few", options.looped)
        time_command(luigi("TrainModel", *RECIPE, "--epochs", "1"), folder)
        model = folder / "workspace/sample/latest/runs/plain/train/model.keras"
        ways = []
        for place, count in (("few", options.looped), ("photos", options.pictures)):
            ours = time_command([sys.executable, "-m", "pipeline", "predict", place, *RECIPE], folder)
            ways.append((f"predict, {count:,} pictures", ours.seconds, count / ours.seconds, ours.peak_mb))
        looped = time_command([sys.executable, "-c", LOOP, str(model), "few", str(options.looped)], folder)
        seconds = float((folder / "seconds").read_text())
        ways.append((f"loop, {options.looped:,} pictures", seconds, options.looped / seconds, looped.peak_mb))
    print_table(
        ("way", "seconds", "pictures/s", "peak MB"),
        [(way, f"{seconds:.1f}", f"{speed:,.0f}", f"{peak:,.0f}") for way, seconds, speed, peak in ways],
    )


if __name__ == "__main__":
    main()
