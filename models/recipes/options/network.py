"""The options of the network itself."""

from dataclasses import dataclass
from functools import partial

from models.recipes.declaration import Counts, Numbers, Part, option

_option = partial(option, part=Part.NETWORK)


def _network_names() -> tuple[str, ...]:
    from models.networks.catalog import network_names  # which needs the recipe that these options are part of

    return network_names()


@dataclass(frozen=True)
class NetworkOptions:
    """The options that say which network is trained."""

    network: str = _option(
        "five_convolutions",
        "the network, see [the networks](#the-networks); other packages may bring more",
        choices=_network_names,
        decides_size=True,
    )
    widths: Counts = _option(
        (), "channels of each block, comma-separated; none: the network's own", range=(1, 10_000), decides_size=True
    )
    depth: int = _option(
        0, "layers, for a network that comes in several depths; 0: its own", range=(0, 1_000), decides_size=True
    )
    convolution_dropout: Numbers = _option(
        (),
        "share of the values dropped among the convolutions: one for all places or one for each place, comma-separated",
        range=(0, 0.95),
    )
    dense_dropout: float = _option(0.0, "share of the values dropped among the dense layers", range=(0, 0.95))
    dropblock: float = _option(
        0.0,
        "share of the values dropped in squares while the network learns, wherever it makes the picture smaller after "
        "convolutions. Squares overlap, so that large shares drop fewer",
        range=(0, 0.5),
        excludes={
            "scales": "it cuts its squares from pictures of one size",
            "backbone": "it is for blocks that learn, and those of a backbone are frozen",
        },
    )
    dropblock_size: int = _option(
        3, "side of the squares that are dropped, in values", range=(1, 100), needs="dropblock"
    )
    weight_penalty: float = _option(
        0.0,
        "L2 penalty on the kernels of all layers except those of a backbone",
        range=(0, 1),
        excludes={"optimiser = muon": "muon keeps every convolution at one length, so a penalty has no effect"},
    )
    normalisation: str = _option(
        "unit",
        "`unit`: pixels go from 0 to 1; `double`: from -2 to 2; `standardised`: each channel has the mean of the "
        "training pictures taken off and is divided by their deviation, both kept in the model",
        choices=("unit", "double", "standardised"),
        excludes={"backbone": "a backbone scales pixels as it learnt them"},
        decides_batch=True,
    )
    output: str = _option(
        "softmax",
        "`softmax`: a probability for each class; `binary`: a single one, that of the second of two classes",
        choices=("softmax", "binary"),
        decides_size=True,
    )
    precision: str = _option(
        "float32",
        "`fastest` is `mixed_bfloat16` where the processor has instructions for it and oneDNN is on, else `float32`; "
        "`training.json` says which it was. Without these instructions `mixed_bfloat16` took `plain` twelve times as "
        "long",
        choices=("float32", "mixed_bfloat16", "fastest"),
    )
