"""Makes TensorFlow ready to be used: silent, under Keras, on a known number of threads."""

import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from models.recipes.recipe import Recipe

STDERR = 2
FASTEST = "fastest"
BFLOAT16_FLAGS = {"avx512_bf16", "amx_bf16"}  # for which TensorFlow has convolutions
PROCESSOR = Path("/proc/cpuinfo")
TENSORFLOWS_POOLS = ("TF_NUM_INTEROP_THREADS", "TF_NUM_INTRAOP_THREADS")
NUMPYS_POOLS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
ONEDNN = "TF_ENABLE_ONEDNN_OPTS"
SWITCHED_OFF = ("0", "false")  # as TensorFlow reads it
# What Keras loads wherever it finds it, for parts that nothing here uses: a third of its own loading.
NEEDLESS = ("sklearn", "matplotlib.pyplot")


def share_threads(workers: int) -> None:
    """Have this process, one of so many at work, compute on its part of the cores; to be called before it computes.

    The user's own number stays, where there is one.
    """
    if workers > 1:
        for pool in (*TENSORFLOWS_POOLS, *NUMPYS_POOLS):
            os.environ.setdefault(pool, str(max(1, _core_count() // workers)))


def prepare_tensorflow() -> int:
    """Import TensorFlow, what it then reads settled first; gives the number of threads it computes with."""
    settle_environment()
    between, within = (int(os.environ.get(pool, _core_count())) for pool in TENSORFLOWS_POOLS)
    if "tensorflow" not in sys.modules:
        with _stderr_held_back(), _hidden(NEEDLESS):
            import keras  # noqa: F401  while they are hidden
            import tensorflow
        # It warns of functions compiled anew, as those of a second training in one process have to be.
        tensorflow.get_logger().setLevel("ERROR")
        # The order of a sum, and so its last bit, depends on how many threads share it. Not by the environment:
        # commands that a notebook starts would inherit the number, and keep to it where they should share.
        tensorflow.config.threading.set_inter_op_parallelism_threads(between)
        tensorflow.config.threading.set_intra_op_parallelism_threads(within)
    return within


def settle_environment() -> None:
    """What TensorFlow and Keras read of the environment while they load; later it is in vain."""
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if platform.machine() == "x86_64":
        # TensorFlow leaves oneDNN off where the processor has no instructions for neural networks (VNNI, AMX), though
        # networks train faster by it there too.
        os.environ.setdefault(ONEDNN, "1")


def precision_of(recipe: Recipe) -> str:
    """Keras's name for what a recipe computes in: at its fastest, bfloat16 where the processor has instructions for it.

    Where it has none, bfloat16 is emulated, and many times slower than float32.
    """
    if recipe.precision != FASTEST:
        return recipe.precision
    is_onednn_off = os.environ.get(ONEDNN, "").lower() in SWITCHED_OFF  # whose convolutions they are
    return "mixed_bfloat16" if BFLOAT16_FLAGS & _processor_flags() and not is_onednn_off else "float32"


def _processor_flags() -> set[str]:
    """As Linux tells them; none elsewhere."""
    try:
        lines = PROCESSOR.read_text(encoding="utf-8").splitlines()
    except OSError:
        return set()
    return {flag for line in lines if line.startswith("flags") for flag in line.split()}


def _core_count() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _hidden(modules: Sequence[str]) -> Iterator[None]:
    """For a while those that are not loaded yet cannot be found."""
    absent = [name for name in modules if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None is how Python knows a module as not there
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


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
