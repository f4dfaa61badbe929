"""The event log of a training, which TensorBoard shows as it grows; it is written only if its folder exists.

Writes one file of events with every number of the history, each epoch once, however often the training was resumed.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tensorflow as tf

    from models.training.history import EpochRow

EVENTS = "tensorboard"  # the folder, within that of the training


@contextmanager
def open_event_log(train_dir: Path, rows: "Sequence[EpochRow]") -> "Iterator[Callable[[EpochRow], None]]":
    """Writes the epochs so far into a new file; yields a function that adds one, which TensorBoard sees at once."""
    folder = train_dir / EVENTS
    if not folder.is_dir():
        yield lambda row: None
        return
    import tensorflow as tf

    for outdated in folder.iterdir():  # a killed training may have logged more than its checkpoint knows
        outdated.unlink()
    writer = tf.summary.create_file_writer(str(folder))
    try:
        for row in rows:
            _write(writer, row)
        yield lambda row: _write(writer, row)
    finally:
        writer.close()


def _write(writer: "tf.summary.SummaryWriter", row: "EpochRow") -> None:
    """Writes as tf.summary.scalar does, which cannot be used because it needs the package of TensorBoard."""
    import tensorflow as tf

    as_curve = tf.compat.v1.SummaryMetadata(plugin_data={"plugin_name": "scalars"})
    with writer.as_default(step=row.epoch):
        for name, value in row._asdict().items():
            if name != "epoch" and not math.isnan(value):
                tf.summary.write(name, tf.constant(value, tf.float32), metadata=as_curve)
    writer.flush()
