"""The built-in recipes: what each is for, and the options in which it differs from its base; loads no TensorFlow."""

from collections.abc import Mapping
from typing import NamedTuple

from models.recipe import Value


class BuiltIn(NamedTuple):
    """One recipe as it comes; the number of its parameters is that for the data set it was published for."""

    purpose: str
    dataset: str
    parameters: int
    options: Mapping[str, Value]


# Where a published text is silent, the comment says what was chosen, and why.
BUILT_IN: Mapping[str, BuiltIn] = {
    "plain": BuiltIn(
        "five convolutions and three dense layers",
        "cifar100-six",
        0,
        {"batch_size": 32, "plateau_patience": 3},
    ),
    "dropout": BuiltIn(
        "plain with three dropouts",
        "cifar100-six",
        0,
        {"base": "plain", "convolution_dropout": 0.25, "dense_dropout": 0.5},
    ),
    "augmented": BuiltIn(
        "plain on pictures that are turned and shifted",
        "cifar100-six",
        0,
        {"base": "plain", "rotation_degrees": 40.0, "horizontal_shift_fraction": 0.15},
    ),
    "quick": BuiltIn(
        "seven convolutions that learn in six epochs; the audit of labels uses it",
        "cifar10",
        0,
        {
            "network": "seven_convolutions",
            "normalisation": "double",
            "mirrored_fraction": 0.5,
            "first_scale": 0.625,
            "label_smoothing": 0.1,
            "optimiser": "muon",
            "learning_rate": 0.1,
            "schedule": "one_cycle",
            "batch_size": 128,
            "epochs": 6,
        },
    ),
    "three-a": BuiltIn(
        "six convolutions in three blocks",
        "cifar10",
        276_138,
        # Its author names neither rate nor batch: Keras's default rate, and a batch of that time's usual size.
        {
            "network": "three_blocks",
            "convolution_dropout": 0.25,
            "dense_dropout": 0.5,
            "optimiser": "rmsprop",
            "batch_size": 128,
            "epochs": 50,
        },
    ),
}
