"""Makes TensorFlow ready: silent, as the backend of Keras, on a known number of threads, from a known seed."""

import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from datasets.errors import UserError
from models.recipes.recipe import Recipe

STDERR = 2
FASTEST = "fastest"
BFLOAT16_FLAGS = {"avx512_bf16", "amx_bf16"}  # for which TensorFlow has convolutions
PROCESSOR = Path("/proc/cpuinfo")
TENSORFLOWS_POOLS = ("TF_NUM_INTEROP_THREADS", "TF_NUM_INTRAOP_THREADS")
NUMPYS_POOLS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
ONEDNN = "TF_ENABLE_ONEDNN_OPTS"
# By these Keras would train for fewer epochs or steps than the recipe says.
LIMITS_OF_KERAS = ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH")
SWITCHED_OFF = ("0", "false")  # as TensorFlow reads the variable
# Keras imports these wherever they are installed, which takes a third of its loading, and nothing here uses them.
NEEDLESS = ("sklearn", "matplotlib.pyplot")


def share_threads(workers: int) -> None:
    """Limits this process to its share of the cores, given the number of processes; a number that the user set stays.

    It must be called before the process computes anything.
    """
    if workers > 1:
        for pool in (*TENSORFLOWS_POOLS, *NUMPYS_POOLS):
            os.environ.setdefault(pool, str(max(1, _core_count() // workers)))


def prepare_tensorflow() -> int:
    """Imports TensorFlow and returns the number of threads it computes with."""
    settle_environment()
    between, within = (_thread_count(pool) for pool in TENSORFLOWS_POOLS)
    if "tensorflow" not in sys.modules:
        with _explained_settings_of_keras(), _held_back_stderr(), _hidden(NEEDLESS):
            import keras  # while the needless modules are hidden
            import tensorflow
        # A keras.json of the user's may say otherwise.
        keras.config.set_floatx("float32")
        keras.config.set_epsilon(1e-7)
        keras.config.set_image_data_format("channels_last")
        # It warns of functions that are compiled again, as a second training in one process has to.
        tensorflow.get_logger().setLevel("ERROR")
        # The order of a sum, and so its last bit, depends on how many threads share it. The environment is left alone:
        # commands that a notebook starts would inherit the number, though they should share the cores.
        tensorflow.config.threading.set_inter_op_parallelism_threads(between)
        tensorflow.config.threading.set_intra_op_parallelism_threads(within)
    return within


def settle_environment() -> None:
    """Sets the variables that TensorFlow and Keras read from the environment only while they load."""
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if platform.machine() == "x86_64":
        # TensorFlow switches oneDNN off on processors without instructions for neural networks (VNNI, AMX), though
        # networks train faster with it there too.
        os.environ.setdefault(ONEDNN, "1")
    for limit in LIMITS_OF_KERAS:
        os.environ.pop(limit, None)


def precision_of(recipe: Recipe) -> str:
    """Returns the Keras policy that a recipe computes in.

    The fastest one is bfloat16 where the processor has instructions for it; elsewhere it is emulated, and many times
    slower than float32.
    """
    if recipe.precision != FASTEST:
        return recipe.precision
    # The convolutions in bfloat16 are oneDNN's.
    is_onednn_off = os.environ.get(ONEDNN, "").lower() in SWITCHED_OFF
    return "mixed_bfloat16" if BFLOAT16_FLAGS & _processor_flags() and not is_onednn_off else "float32"


@contextmanager
def fresh_keras(recipe: Recipe) -> Iterator[None]:
    """Makes a network built within the block come out the same, whatever this process built before."""
    import keras
    import tensorflow as tf

    # A GPU needs this to give the same bits again. A CPU gives them anyway, and loses no measurable time by it.
    tf.config.experimental.enable_op_determinism()
    keras.backend.clear_session()
    keras.utils.set_random_seed(recipe.seed)
    usual_policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision_of(recipe))
    try:
        yield
    finally:
        keras.config.set_dtype_policy(usual_policy)


def _processor_flags() -> set[str]:
    """Returns what Linux says the processor can do; nothing on other systems."""
    try:
        lines = PROCESSOR.read_text(encoding="utf-8").splitlines()
    except OSError:
        return set()
    return {flag for line in lines if line.startswith("flags") for flag in line.split()}


def _thread_count(pool: str) -> int:
    text = os.environ.get(pool, str(_core_count()))
    if not text.isdecimal():
        raise UserError(f"the environment variable {pool} is {text!r}: give it a whole number, or unset it")
    return int(text)


@contextmanager
def _explained_settings_of_keras() -> Iterator[None]:
    """Refuses settings of Keras by which it cannot be loaded, with their file."""
    file = Path(os.environ.get("KERAS_HOME") or os.path.expanduser("~/.keras"), "keras.json")  # noqa: PTH111
    try:
        yield
    except (ValueError, TypeError, AttributeError, ImportError, OSError) as error:
        if not file.exists():
            raise
        raise UserError(f"Keras cannot be loaded with its settings in {file}: {error}. Delete that file") from error


def _core_count() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _hidden(modules: Sequence[str]) -> Iterator[None]:
    """Hides modules that are not loaded yet, so that importing them fails for a while."""
    absent = [name for name in modules if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # Python takes None for a module that is not there
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


@contextmanager
def _held_back_stderr() -> Iterator[None]:
    """Holds back the banners that TensorFlow writes while it loads, whatever its log level; shows them if it fails."""
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
