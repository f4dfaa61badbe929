"""The options of how a trained model predicts."""

from dataclasses import dataclass
from functools import partial

from models.recipes.declaration import Part, option

_option = partial(option, part=Part.PREDICTION)


@dataclass(frozen=True)
class PredictionOptions:
    """The options that say how the model that was trained predicts."""

    tta: str = _option(
        "none",
        "averages the probabilities of several views of a picture. `mirror`: itself and its mirror image; `shifts`: "
        "itself and itself moved by one pixel to each of the four sides; `mirrored_shifts`: these and their mirror "
        'images, ten views. For `predict`, `compare` and the figure "Averaged views"; it trains nothing again',
        choices=("none", "mirror", "shifts", "mirrored_shifts"),
        decides_weights=False,
    )
    predict: str = _option(
        "classes",
        "`coarse`: the network learns the classes of CIFAR-100, and the saved model sums their probabilities to those "
        "of their superclasses. All scores are of these, the curves are of the classes. Another value trains again, "
        "except the head on a frozen backbone",
        choices=("classes", "coarse"),
        excludes={"output = binary": "of two classes there is nothing to sum"},
        decides_size=True,
    )
