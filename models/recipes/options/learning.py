"""The options of how the network learns."""

from dataclasses import dataclass
from functools import partial

from models.recipes.declaration import MANY, Part, option

_option = partial(option, part=Part.LEARNING)


@dataclass(frozen=True)
class LearningOptions:
    """The options that say how the network learns, and which of its weights are kept."""

    label_smoothing: float = _option(0.0, "share of every label that is spread evenly over all classes", range=(0, 0.9))
    class_weights: str = _option(
        "none",
        "`balanced`: the loss of a picture counts n / (classes x pictures of its class), so that rare classes count as "
        "much as frequent ones",
        choices=("none", "balanced"),
    )
    optimiser: str = _option(
        "adam",
        "those of Keras, `sgd` with Nesterov's momentum; or `muon`",
        choices=("adam", "adamw", "muon", "rmsprop", "sgd"),
    )
    momentum: float = _option(
        0.9, "share of the last step that the next one keeps, with `sgd`", range=(0, 0.9999), needs="optimiser = sgd"
    )
    weight_decay: float = _option(
        0.0,
        "each step takes this share, times the learning rate, off all weights except biases and normalisations. "
        "`adamw` needs it (0.004 in Keras). What other tools call the L2 penalty of SGD with momentum 0.9 is a tenth "
        "of this",
        range=(0, 1),
        excludes={"optimiser = muon": "muon keeps every convolution at one length, so the decay has no effect"},
    )
    learning_rate: float = _option(1e-3, "learning rate at its highest", range=(1e-9, 1e9))
    schedule: str = _option(
        "steady",
        "course of the learning rate. `one_cycle`: up for a fifth of the steps, then down to zero; `cosine`: down to "
        "zero over all steps; `staircase`: times `stair_factor` after every `stair_epochs`",
        choices=("steady", "one_cycle", "cosine", "staircase"),
    )
    warmup_epochs: int = _option(
        0,
        "number of epochs in which the learning rate first rises evenly",
        range=(0, MANY),
        excludes={"schedule = one_cycle": "one_cycle has a rise of its own"},
    )
    stair_epochs: int = _option(20, "epochs of each stair", range=(1, MANY), needs="schedule = staircase")
    stair_factor: float = _option(
        0.5, "factor of the learning rate from one stair to the next", range=(0.01, 0.99), needs="schedule = staircase"
    )
    batch_size: int = _option(
        64,
        "largest number of pictures in a step. An epoch is divided into batches that differ by at most one picture",
        range=(1, MANY),
        decides_batch=True,
    )
    epochs: int = _option(30, "number of times that every picture is seen", range=(1, MANY))
    seed: int = _option(
        0, "seed of the first weights and of everything drawn", range=(0, 2**31 - 1), decides_batch=True
    )
    plateau_factor: float = _option(
        0.5, "factor of the learning rate on a plateau", range=(0.01, 0.99), needs="plateau_patience"
    )
    plateau_patience: int = _option(
        0,
        "epochs without a better val_loss after which the learning rate is multiplied by `plateau_factor`; 0: never",
        range=(0, MANY),
        excludes={"schedule": "the schedule decides the learning rate of every step, and so does plateau_patience"},
    )
    stop_patience: int = _option(
        0,
        "epochs without a better val_loss after which the training ends. The weights of the lowest val_loss are kept, "
        "also where it runs to its last epoch; 0: never, and the last weights are kept",
        range=(0, MANY),
    )
    checkpoint: str = _option(
        "none",
        "`val_accuracy`: the weights of the highest val_accuracy are kept too, as `best_val_accuracy.keras` beside "
        "`model.keras`",
        choices=("none", "val_accuracy"),
    )
    ema: float = _option(
        0.0,
        "momentum of a moving average of the weights, which is then what is tested and kept. It spans about "
        "1 / (1 - `ema`) steps, so give the training at least three times as many (it warns of fewer); 0: none",
        range=(0, 0.99999),
        excludes={"swa": "each keeps an average of the weights, and only one can be the model"},
    )
    swa: float = _option(
        0.0,
        "share of the epochs, the last ones, whose weights are averaged. Batch norms are measured again, and the "
        "curves show the weights before they are averaged; 0: none",
        range=(0, 1),
        excludes={
            "stop_patience": "swa averages the last epochs, and with stop_patience the last one is not known beforehand"
        },
    )
