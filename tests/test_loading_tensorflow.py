"""Tests that TensorFlow and Keras are loaded without the parts that nothing uses, and compute as fast as they can."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import unsettled_environment

pytestmark = pytest.mark.slow

CONVOLUTION = """
from models.backend import prepare_tensorflow
prepare_tensorflow()
import os, tensorflow
print(os.environ["TF_ENABLE_ONEDNN_OPTS"])
tensorflow.nn.conv2d(tensorflow.ones((1, 9, 9, 3)), tensorflow.ones((3, 3, 3, 8)), 1, "SAME")
"""
USED_FOR_CONVOLUTIONS = "exec,cpu,convolution"  # as oneDNN itself tells of each


def said_by(program: str, **environment: str) -> str:
    command = [sys.executable, "-c", program]
    settings = unsettled_environment() | environment
    return subprocess.run(command, capture_output=True, text=True, check=True, env=settings).stdout


@pytest.mark.skipif(platform.machine() != "x86_64", reason="elsewhere TensorFlow decides")
def test_convolutions_are_onednns_on_every_x86_processor_unless_the_user_says_otherwise():
    told = said_by(CONVOLUTION, ONEDNN_VERBOSE="1")
    assert told.startswith("1\n"), "what some processors have by themselves all are to have"
    assert USED_FOR_CONVOLUTIONS in told
    assert USED_FOR_CONVOLUTIONS not in said_by(CONVOLUTION, ONEDNN_VERBOSE="1", TF_ENABLE_ONEDNN_OPTS="0")


def test_keras_is_loaded_without_scikit_learn_and_pyplot_which_can_be_imported_later():
    program = """
import sys
from models.backend import NEEDLESS, prepare_tensorflow
prepare_tensorflow()
print("keras" in sys.modules, {*NEEDLESS} & {*sys.modules})
import sklearn.linear_model, matplotlib.pyplot
print(sklearn.linear_model.LogisticRegression().get_params()["fit_intercept"], matplotlib.pyplot.figure().axes)
"""
    assert said_by(program).splitlines() == ["True set()", "True []"]


def test_what_is_loaded_already_stays():
    program = """
import sys, sklearn
from models.backend import prepare_tensorflow
prepare_tensorflow()
print(sys.modules["sklearn"] is sklearn)
"""
    assert said_by(program) == "True\n"


LOAD_WITH_SETTINGS = """
from models.backend import prepare_tensorflow
prepare_tensorflow()
import keras
print(keras.config.image_data_format(), keras.config.floatx(), keras.config.epsilon())
"""


@pytest.mark.parametrize(
    ("settings", "printed"),
    [
        ('{"image_data_format": "channels_first", "floatx": "float16", "epsilon": 0.1}', "channels_last float32 1e-07"),
        ("[1]", "Keras cannot be loaded with its settings in "),
    ],
)
def test_the_users_settings_of_keras_change_no_network(tmp_path: Path, settings: str, printed: str) -> None:
    (tmp_path / "keras.json").write_text(settings)
    run = subprocess.run(
        [sys.executable, "-c", LOAD_WITH_SETTINGS],
        env=os.environ | {"KERAS_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert printed in run.stdout + run.stderr
