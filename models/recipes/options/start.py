"""The options of what a training starts from: another recipe, or a pretrained network."""

from dataclasses import dataclass
from functools import partial

from models.backbones.known import BACKBONES, FILE, INPUTS
from models.recipes.declaration import MANY, Part, Words, option

_option = partial(option, part=Part.NETWORK)
_backbone = partial(option, part=Part.BACKBONE, needs="backbone")
_fine_tuning = partial(option, part=Part.FINE_TUNING, needs="backbone")


@dataclass(frozen=True)
class StartOptions:
    """The options that say which weights a training starts from."""

    start_from: str = _option(
        "",
        "another recipe. Its model on the same data set is trained first, and this training starts from its weights. "
        "`network`, `widths`, `depth`, `output` and `normalisation` must be the same",
        excludes={"backbone": "a training starts either from a backbone or from another recipe"},
    )
    frozen_layers: Words = _option(
        (),
        "names of layers that do not learn, or patterns of names (`block_1*`), comma-separated",
        needs="start_from",
    )
    backbone: str = option(
        "",
        "a pretrained network that does not learn, below a head that learns. Its features are computed once and kept; "
        "see [backbones](#backbones)",
        part=Part.BACKBONE,
        choices=("", *BACKBONES, FILE),
        decides_size=True,
    )
    backbone_weights: str = _backbone(
        "imagenet",
        "`imagenet`, which Keras downloads into its own cache; a file of weights without the top (`.weights.h5`, "
        "`.h5`, `.keras`); or `none`: random weights, which are of little use, and a warning says so",
        excludes={"backbone = file": "the weights are in the file itself"},
    )
    backbone_file: str = option(
        "",
        "a whole network without its top, saved as `.keras`. It takes pictures and gives a map or a row of features",
        part=Part.BACKBONE,
        needs="backbone = file",
        decides_size=True,
    )
    backbone_input: str = option(
        "",
        "the pixels that the network of the file wants: `caffe` (blue, green, red, with ImageNet's mean taken off), "
        "`tf` (-1 to 1), `torch` (by ImageNet's mean and deviation), `unit` (0 to 1) or `raw` (0 to 255)",
        part=Part.BACKBONE,
        choices=("", *INPUTS),
        needs="backbone = file",
    )
    backbone_side: int = _backbone(
        0,
        "side in pixels to which pictures are resized for the backbone; 0: their own, or the smallest that it takes",
        range=(0, 2_048),
        decides_size=True,
    )
    pooling: str = _backbone(
        "average",
        "`average` takes the mean of each channel of the backbone's last map; `flatten` keeps every place",
        choices=("average", "flatten"),
    )
    unfreeze: int = _fine_tuning(
        0,
        "number of the backbone's last layers that learn too, on pictures, after the head. They are counted as Keras "
        "counts them, those without weights too; batch norms keep their averages. Only with this can a recipe with a "
        "backbone change its pictures",
        range=(0, MANY),
    )
    unfreeze_epochs: int = _fine_tuning(5, "epochs in which these layers learn", range=(1, MANY))
    unfreeze_rate: float = _fine_tuning(0.01, "share of `learning_rate` at which these layers learn", range=(1e-9, 1))
