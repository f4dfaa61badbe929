"""The options of how pictures are changed before the network sees them, in another way in each epoch."""

from dataclasses import dataclass
from functools import partial

from models.recipes.declaration import Numbers, Part, option

_option = partial(option, part=Part.PICTURES, decides_batch=True)
_BLENDING = {
    "output = binary": "it blends labels, and a binary output has a single one",
    "batch_size = 1": "a batch of one has no other picture to blend with",
}


@dataclass(frozen=True)
class PictureOptions:
    """The options that say how pictures are changed while the network learns."""

    rotation_degrees: float = _option(0.0, "pictures are turned by at most this, to either side", range=(0, 180))
    horizontal_shift_fraction: float = _option(
        0.0,
        "pictures are shifted by at most this share of their width, to either side; by whole pixels, at least one, "
        "where they are neither turned nor magnified",
        range=(0, 0.95),
    )
    vertical_shift_fraction: float = _option(
        0.0, "pictures are shifted by at most this share of their height, in the same way", range=(0, 0.95)
    )
    zoom_fraction: float = _option(
        0.0,
        "pictures are made smaller or larger by at most this share. The area beyond an edge is filled with the "
        "picture's mirror image",
        range=(0, 0.9),
    )
    mirrored_fraction: float = _option(
        0.0,
        "share of the epochs in which a picture is mirrored left to right, evenly spread: at 0.5 every other epoch",
        range=(0, 1),
    )
    randaugment: float = _option(
        0.0,
        "strength of changes that are drawn for each picture from the fourteen of RandAugment; 0.5 is usual",
        range=(0, 1),
    )
    randaugment_operations: int = _option(
        2, "number of changes drawn for each picture", range=(1, 10), needs="randaugment"
    )
    colorjitter: float = _option(
        0.0, "strength of changes of brightness, contrast, saturation and hue; 0.5 is usual", range=(0, 1)
    )
    cutout: float = _option(
        0.0, "side of a square that is painted grey, as a share of the picture's shorter side", range=(0, 1)
    )
    mixup: float = _option(
        0.0,
        "each picture is blended with another, in shares drawn from Beta(`mixup`, `mixup`), and so are their labels; "
        "0.2 is usual",
        range=(0, 100),
        excludes=_BLENDING,
    )
    cutmix: float = _option(
        0.0,
        "each picture gets a box from another, with an area drawn from Beta(`cutmix`, `cutmix`), and the labels are "
        "blended by area; 1 is usual. With `mixup` too, each batch is changed by one of the two",
        range=(0, 100),
        excludes=_BLENDING,
    )
    scales: Numbers = _option(
        (1.0,),
        "the sizes at which pictures are shown in the course of the training, as shares of their own size, each for "
        "equally many epochs, as `0.5,0.75,1`. Pictures are tested at the last one, and the saved model resizes "
        "them itself. Only for a network that takes any size",
        range=(0.25, 1),
        excludes={"backbone": "a backbone takes pictures of one size"},
    )
