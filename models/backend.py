"""Makes TensorFlow ready to be used: silent, under Keras, on a known number of threads."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

STDERR = 2


def prepare_tensorflow() -> int:
    """Import TensorFlow, what it then reads settled first; gives the number of threads it computes with."""
    threads = str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # The order of a sum, and so its last bit, depends on how many threads share it.
    os.environ.setdefault("TF_NUM_INTEROP_THREADS", threads)
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", threads)
    if "tensorflow" not in sys.modules:
        with _stderr_held_back():
            import tensorflow
        # It warns of functions compiled anew, as those of a second training in one process have to be.
        tensorflow.get_logger().setLevel("ERROR")
    return int(os.environ["TF_NUM_INTRAOP_THREADS"])


@contextmanager
def _stderr_held_back() -> Iterator[None]:
    """While it loads, TensorFlow writes banners past Python and past its own log level; show them only if it fails."""
    sys.stderr.flush()
    shown = os.dup(STDERR)
    with tempfile.TemporaryFile() as held_back:
        os.dup2(held_back.fileno(), STDERR)
        try:
            yield
        except BaseException:
            held_back.seek(0)
            os.write(shown, held_back.read())
            raise
        finally:
            os.dup2(shown, STDERR)
            os.close(shown)
