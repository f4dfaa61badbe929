"""A recipe: everything that decides a training."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Recipe:
    """One way to train; 0 switches off what can be switched off."""

    name: str
    network: str = "five_convolutions"  # a module of models/networks
    convolution_dropout: float = 0.0  # share of the values dropped, here and in the dense part
    dense_dropout: float = 0.0
    rotation_degrees: float = 0.0  # at most, to either side
    horizontal_shift_fraction: float = 0.0  # of the width, at most, to either side
    mirrored_fraction: float = 0.0  # share of the pictures shown left to right
    first_scale: float = 1.0  # how large pictures are shown at first; in the last epochs, as large as they are
    label_smoothing: float = 0.0  # share of each label spread over all classes
    optimiser: str = "adam"
    learning_rate: float = 1e-3
    schedule: str = "steady"  # one_cycle: up to learning_rate, then down to nothing, over all steps
    batch_size: int = 64
    epochs: int = 30
    seed: int = 0
    plateau_factor: float = 0.5  # the learning rate times this when val_loss stands still
    plateau_patience: int = 0  # for so many epochs
    stop_patience: int = 0  # epochs without a better val_loss; the best weights are then kept, not the last
    precision: str = "float32"


def fields_that_matter(recipe: Recipe) -> dict[str, str | int | float]:
    """What decides the weights, as plain JSON values: all but the name."""
    return {option: value for option, value in asdict(recipe).items() if option != "name"}
