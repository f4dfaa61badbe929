from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.training.checkpoint import (
    Checkpoint,
    UnfitCheckpointError,
    read_checkpoint,
    remove_checkpoint,
    write_checkpoint,
)
from models.training.history import EpochRow

STATE = Checkpoint(
    rows=[EpochRow(1, 0.1 + 0.2, 1 / 3, 2 / 7, 1.0, 1e-3), EpochRow(2, 1e-17, 0.5, 3.0, 0.0, 5e-4)],
    train_seconds=12.5,
    variables=[np.arange(12, dtype=np.float32).reshape(3, 4) / 7, np.array(5, np.int64), np.array([3, 4], np.uint32)],
    kept={"least_loss": [np.full((2, 2), np.pi, np.float32)], "mean": [np.zeros(3, np.float32), np.ones(())]},
)


def same(one: Checkpoint, other: Checkpoint) -> bool:
    def bits(arrays):
        return [(array.dtype, array.shape, array.tobytes()) for array in arrays]

    def kept(state):
        return {name: bits(weights) for name, weights in state.kept.items()}

    return (one.rows, one.train_seconds, bits(one.variables), kept(one)) == (
        (other.rows, other.train_seconds, bits(other.variables), kept(other))
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("checkpoint") / "checkpoint.npz"
    write_checkpoint(path, "mark", STATE)
    return path


def test_a_checkpoint_gives_back_every_bit(written):
    assert same(read_checkpoint(written, "mark"), STATE)


def test_a_checkpoint_of_another_training_is_refused(written):
    with pytest.raises(UnfitCheckpointError, match="another recipe or to other pictures"):
        read_checkpoint(written, "another mark")


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_a_damaged_checkpoint_is_refused_or_holds_what_was_written(written, data):
    content = bytearray(written.read_bytes())
    position = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        content[position] ^= data.draw(st.integers(1, 255))
    else:
        del content[position:]
    damaged = written.with_name("damaged.npz")
    damaged.write_bytes(content)
    try:
        found = read_checkpoint(damaged, "mark")
    except UnfitCheckpointError:
        return
    assert same(found, STATE)


def test_a_new_checkpoint_takes_the_place_of_the_old_one_and_of_one_left_unfinished(tmp_path):
    path = tmp_path / "checkpoint.npz"
    write_checkpoint(path, "old", STATE)
    (tmp_path / "checkpoint.npz.unfinished").write_bytes(b"half of a checkp")
    write_checkpoint(path, "new", STATE)
    assert same(read_checkpoint(path, "new"), STATE)
    assert list(tmp_path.iterdir()) == [path]


def test_removing_a_checkpoint_leaves_nothing_of_it_and_is_no_error_where_there_is_none(tmp_path):
    path = tmp_path / "checkpoint.npz"
    write_checkpoint(path, "mark", STATE)
    (tmp_path / "checkpoint.npz.unfinished").write_bytes(b"half of a checkp")
    remove_checkpoint(path)
    remove_checkpoint(path)
    assert list(tmp_path.iterdir()) == []
