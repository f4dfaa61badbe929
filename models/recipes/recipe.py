"""A recipe: everything that decides a training."""

from dataclasses import asdict, dataclass

Numbers = tuple[float, ...]
Words = tuple[str, ...]
Value = str | int | float | Numbers | Words

ONLY_JUDGED_BY = ("tta",)  # decides how pictures are predicted, not what is learnt


@dataclass(frozen=True)
class Recipe:
    """One way to train; 0 or nothing switches off what can be switched off, or leaves it to the network's author."""

    name: str

    # The network
    network: str = "five_convolutions"  # a module of models/networks
    widths: Numbers = ()  # channels, a number a block
    depth: int = 0  # of networks that come in several depths
    convolution_dropout: Numbers = ()  # share of the values dropped: one for all places, or one a place
    dense_dropout: float = 0.0  # and in the dense part
    dropblock: float = 0.0  # share of the values dropped in squares, before every shrinking
    dropblock_size: int = 3  # the squares' side, in values
    weight_penalty: float = 0.0  # L2, on the kernels
    normalisation: str = "unit"  # 0 to 1; double: -2 to 2; standardised: by the training pictures' mean and deviation
    output: str = "softmax"  # binary: one probability, that of the second class
    precision: str = "float32"

    # What it starts from
    start_from: str = ""  # another recipe, whose weights it goes on from
    frozen_layers: Words = ()  # names, or patterns of names, of layers that stay as they are
    backbone: str = ""  # a pretrained network below a head of our own: its name, or file
    backbone_weights: str = "imagenet"  # none, or a file
    backbone_file: str = ""  # with backbone=file: the .keras file
    backbone_input: str = ""  # with backbone=file: how it wants its pixels
    backbone_side: int = 0  # pixels to which pictures are brought for it; 0: their own, or its smallest
    pooling: str = "average"  # of the backbone's last channels, before the head
    unfreeze: int = 0  # so many of its last layers are trained too, once the head is
    unfreeze_epochs: int = 5  # for so many epochs
    unfreeze_rate: float = 0.01  # at this share of the learning rate

    # The pictures as they are shown; amounts are at most, to either side, and shifts alone are of a pixel at least
    rotation_degrees: float = 0.0
    horizontal_shift_fraction: float = 0.0  # of the width
    vertical_shift_fraction: float = 0.0  # of the height
    zoom_fraction: float = 0.0
    mirrored_fraction: float = 0.0  # share of the epochs in which a picture is shown left to right
    randaugment: float = 0.0  # strength, 0 to 1, of
    randaugment_operations: int = 2  # so many changes drawn for each picture
    colorjitter: float = 0.0  # strength, 0 to 1, of changes of brightness, contrast, saturation and hue
    cutout: float = 0.0  # side of the square that is painted over, as a share of the picture's
    mixup: float = 0.0  # alpha of the beta distribution of the shares in which pictures are blended
    cutmix: float = 0.0  # and of the areas that are cut out of one and pasted into another
    scales: Numbers = (1.0,)  # how large pictures are shown in the course of the epochs, each for as many of them

    # How it learns
    label_smoothing: float = 0.0  # share of each label spread over all classes
    class_weights: str = "none"  # balanced: rare classes count more, so that all count alike
    optimiser: str = "adam"
    momentum: float = 0.9  # of sgd
    weight_decay: float = 0.0  # share of the weights taken off at each step, times the learning rate
    learning_rate: float = 1e-3
    schedule: str = "steady"  # one_cycle, cosine: over all steps; staircase: falls every stair_epochs
    warmup_epochs: int = 0  # in which the learning rate rises to its height
    stair_epochs: int = 20
    stair_factor: float = 0.5
    batch_size: int = 64
    epochs: int = 30
    seed: int = 0
    plateau_factor: float = 0.5  # the learning rate times this when val_loss stands still
    plateau_patience: int = 0  # for so many epochs
    stop_patience: int = 0  # epochs without a better val_loss; the best weights are then kept, not the last
    checkpoint: str = "none"  # val_accuracy: the weights of its best epoch are kept too, as best_val_accuracy.keras
    ema: float = 0.0  # momentum of the moving average of the weights that is kept
    swa: float = 0.0  # share of the epochs, the last ones, whose weights are averaged

    # How it predicts
    tta: str = "none"  # mirror, shifts, mirrored_shifts: test pictures are judged by several views of each
    predict: str = "classes"  # coarse: probabilities of fine classes are summed to those of their superclasses


def key_options(recipe: Recipe) -> dict[str, object]:
    """Returns the options that decide the weights and differ from their defaults, as plain JSON values."""
    return {name: value for name, value in fields_that_matter(recipe).items() if value != _plain_default(name)}


def _plain_default(name: str) -> object:
    value = getattr(Recipe, name)
    return list(value) if isinstance(value, tuple) else value


def fields_that_matter(recipe: Recipe) -> dict[str, object]:
    """What decides the weights, as plain JSON values: neither the name, nor how the trained model is used."""
    options = {name: value for name, value in asdict(recipe).items() if name not in ("name", *ONLY_JUDGED_BY)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in options.items()}
