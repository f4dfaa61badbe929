"""TensorFlow and Keras are loaded without what nothing here uses of them."""

import subprocess
import sys


def said_by(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout


def test_keras_is_loaded_without_scikit_learn_and_pyplot_which_load_later_as_ever():
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
