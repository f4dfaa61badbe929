"""The built-in recipes: what each is for, and the options in which it differs from its base."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from models.backbones.known import BACKBONES, FILE
from models.recipes.declaration import Value


class Published(NamedTuple):
    """The pictures of a published data set, which users keep in a folder of their own."""

    side: int  # in pixels
    classes: Sequence[str]


PETS = "cats-and-dogs"
FOLDERS: Mapping[str, Published] = {PETS: Published(side=150, classes=("cat", "dog"))}


class RecipeEntry(NamedTuple):
    """A recipe as this project or another package offers it."""

    purpose: str
    """What it is for, in a few words."""

    dataset: str
    """The data set that it was made for."""

    parameters: int = 0
    """The number of parameters of its network on that data set; 0 where it is not known beforehand."""

    options: Mapping[str, Value] = MappingProxyType({})
    """The options in which it differs from its `base`, which is `plain` where none is given."""


# The parameters of each pretrained network without its top, and those of its head.
ON_BACKBONES: Mapping[str, int] = {
    "vgg16": 16_812_610,
    "vgg19": 22_122_306,
    "xception": 21_386_538,
    "resnet50": 24_112_770,
    "resnet50v2": 24_089_858,
    "inceptionv3": 22_327_842,
    "inceptionresnetv2": 54_730_722,
    "mobilenet": 3_491_778,
    "mobilenetv2": 2_586_434,
    "densenet121": 7_300_418,
    "nasnetmobile": 4_540_822,
    "efficientnetb0": 4_378_021,
}

# Where the published text does not say it, a comment says what was chosen, and why.
BUILT_IN: Mapping[str, RecipeEntry] = {
    "plain": RecipeEntry(
        "five convolutions and three dense layers",
        "cifar100-six",
        398_566,
        {"batch_size": 32, "plateau_patience": 3},
    ),
    "dropout": RecipeEntry(
        "plain with three dropouts",
        "cifar100-six",
        398_566,
        {"base": "plain", "convolution_dropout": 0.25, "dense_dropout": 0.5},
    ),
    "augmented": RecipeEntry(
        "plain on pictures that are turned and shifted",
        "cifar100-six",
        398_566,
        {"base": "plain", "rotation_degrees": 40.0, "horizontal_shift_fraction": 0.15},
    ),
    "quick": RecipeEntry(
        "seven convolutions that learn in six epochs; the audit of labels uses it",
        "cifar10",
        575_658,
        {
            "network": "seven_convolutions",
            "normalisation": "double",
            "mirrored_fraction": 0.5,
            "scales": (0.625, 0.625, 0.75, 0.875, 0.875, 1.0),
            "label_smoothing": 0.1,
            "optimiser": "muon",
            "learning_rate": 0.1,
            "schedule": "one_cycle",
            "batch_size": 128,
            "epochs": 6,
        },
    ),
    "sprint": RecipeEntry(
        "most accuracy in minutes on a processor",
        "cifar10",
        570_306,
        # Small pictures take half the time and teach nearly as much. In few epochs, more augmentation gains little.
        {
            "network": "whitened",
            "normalisation": "standardised",
            "precision": "fastest",
            "horizontal_shift_fraction": 0.03125,
            "vertical_shift_fraction": 0.03125,
            "mirrored_fraction": 0.5,
            "scales": (0.625, 0.75, 0.75),
            "label_smoothing": 0.2,
            "optimiser": "muon",
            "learning_rate": 0.12,
            "schedule": "one_cycle",
            "batch_size": 500,
            "epochs": 12,
            "tta": "mirrored_shifts",
        },
    ),
    "sprint-few": RecipeEntry(
        "sprint for a few hundred pictures a class",
        "cifar10",
        570_306,
        # The batches are small enough for some hundred steps, and the rate suits their noise.
        {
            "base": "sprint",
            "scales": (0.5, 0.5, 0.5, 0.625, 0.75, 0.75),
            "learning_rate": 0.2,
            "batch_size": 125,
            "epochs": 6,
        },
    ),
    "three-a": RecipeEntry(
        "six convolutions in three blocks",
        "cifar10",
        276_138,
        # Its author gives neither rate nor batch size. They are from Keras's own example for these pictures, which has
        # the first two blocks and the same optimiser. At Keras's default rate, ten times as high, its scores swing.
        {
            "network": "three_blocks",
            "convolution_dropout": 0.25,
            "dense_dropout": 0.5,
            "optimiser": "rmsprop",
            "learning_rate": 1e-4,
            "batch_size": 32,
            "epochs": 50,
        },
    ),
    "three-b": RecipeEntry(
        "three-a, its first two blocks half as wide",
        "cifar10",
        208_794,
        {"base": "three-a", "widths": (16, 32, 64)},
    ),
    "three-c": RecipeEntry(
        "three-a, its last block twice as wide, with larger batches for longer",
        "cifar10",
        554_794,
        # Only the shape of the third network is known. It is wider where that takes least time, and has more epochs.
        {"base": "three-a", "widths": (32, 64, 128), "batch_size": 64, "epochs": 60},
    ),
    **{
        f"three-{letter}-augmented": RecipeEntry(
            f"three-{letter} on pictures that are mirrored and shifted",
            "cifar10",
            parameters,
            # Its author does not say how far they are shifted; the same example of Keras has a tenth.
            {
                "base": f"three-{letter}",
                "mirrored_fraction": 0.5,
                "horizontal_shift_fraction": 0.1,
                "vertical_shift_fraction": 0.1,
            },
        )
        for letter, parameters in (("a", 276_138), ("b", 208_794), ("c", 554_794))
    },
    "pets-cnn": RecipeEntry(
        "four convolutions from scratch, for photos of two classes",
        PETS,
        3_453_121,
        # The rate, the pictures and their augmentation are the book's, except its shear, which is no option here. The
        # batches are those of its second edition, since batches of 20 pictures are slower without a gain.
        {
            "network": "pets",
            "output": "binary",
            "dense_dropout": 0.5,
            "rotation_degrees": 40.0,
            "horizontal_shift_fraction": 0.2,
            "vertical_shift_fraction": 0.2,
            "zoom_fraction": 0.2,
            "mirrored_fraction": 0.5,
            "optimiser": "rmsprop",
            "learning_rate": 1e-4,
            "batch_size": 32,
            "epochs": 100,
        },
    ),
    "fine-cnn": RecipeEntry(
        "six convolutions with batch norm, dropout and weight penalty, for 100 classes",
        "cifar100",
        3_300_004,
        # Its text gives no widths, rates or amounts. They are those of its source, cifar-vgg, in half as many blocks.
        {
            "network": "fine",
            "convolution_dropout": (0.3, 0.4, 0.4),
            "dense_dropout": 0.5,
            "weight_penalty": 5e-4,
            "normalisation": "standardised",
            "rotation_degrees": 15.0,
            "horizontal_shift_fraction": 0.1,
            "vertical_shift_fraction": 0.1,
            "mirrored_fraction": 0.5,
            "optimiser": "sgd",
            "learning_rate": 0.1,
            "schedule": "staircase",
            "stair_epochs": 20,
            "batch_size": 128,
            "epochs": 200,
            "stop_patience": 20,
        },
    ),
    "fine-cnn-frozen": RecipeEntry(
        "goes on from fine-cnn, its first two blocks as they are",
        "cifar100",
        3_300_004,
        # Its text does not say which layers were frozen. Here the early ones are, which see edges, and the others learn
        # at a tenth of the rate.
        {
            "base": "fine-cnn",
            "start_from": "fine-cnn",
            "frozen_layers": ("block_1*", "block_2*"),
            "learning_rate": 0.01,
            "epochs": 50,
        },
    ),
    "cifar-vgg": RecipeEntry(
        "VGG16 for small pictures, with batch norm and dropout",
        "cifar100",
        15_047_588,
        {
            "base": "fine-cnn",
            "network": "cifar_vgg",
            "convolution_dropout": (0.3, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4),
            "epochs": 250,
            "stop_patience": 0,
        },
    ),
    "coarse-cnn": RecipeEntry(
        "six convolutions with batch norm, averaged over the picture, for 20 superclasses",
        "cifar100-coarse",
        1_292_884,
        # Its text does not say how many convolutions a block has. Here it is two, as in nearly all networks of such
        # blocks. Pictures are mirrored left to right only, since nobody photographs these things upside down.
        {
            "network": "coarse",
            "convolution_dropout": (0.2, 0.3, 0.4),
            "dense_dropout": 0.5,
            "weight_penalty": 1e-4,
            "rotation_degrees": 36.0,
            "zoom_fraction": 0.1,
            "mirrored_fraction": 0.5,
            "batch_size": 256,
            "epochs": 120,
            "plateau_factor": 0.5,
            "plateau_patience": 5,
            "stop_patience": 20,
            "checkpoint": "val_accuracy",
        },
    ),
    "coarse-cnn-fine": RecipeEntry(
        "coarse-cnn that learns the 100 classes and sums their probabilities to the 20",
        "cifar100",
        1_335_924,
        {"base": "coarse-cnn", "predict": "coarse"},
    ),
    "resnet": RecipeEntry(
        "20 layers with shortcuts",
        "cifar10",
        271_098,
        # The paper trains for 164 epochs in two stairs and counts 0.27 million parameters. This is the same network, on
        # a schedule for a laptop. 269,722 parameters are trained; the others are batch norm's running averages.
        {
            "network": "residual",
            "weight_penalty": 5e-4,
            "normalisation": "standardised",
            "horizontal_shift_fraction": 0.125,
            "vertical_shift_fraction": 0.125,
            "mirrored_fraction": 0.5,
            "label_smoothing": 0.1,
            "optimiser": "sgd",
            "learning_rate": 0.1,
            "schedule": "cosine",
            "warmup_epochs": 2,
            "batch_size": 128,
            "epochs": 40,
        },
    ),
    "wide-resnet": RecipeEntry(
        "16 layers with shortcuts, four times as wide",
        "cifar10",
        2_752_506,
        {"base": "resnet", "network": "wide_residual", "epochs": 30},
    ),
    "vit": RecipeEntry(
        "a small vision transformer",
        "cifar10",
        810_762,
        {
            "base": "resnet",
            "network": "vit",
            "weight_penalty": 0.0,
            "dense_dropout": 0.1,
            "optimiser": "adamw",
            "learning_rate": 1e-3,
            "weight_decay": 0.05,
            "warmup_epochs": 5,
            "epochs": 60,
        },
    ),
    **{
        f"frozen-{name.removesuffix('b0')}": RecipeEntry(
            f"two dense layers on {title}, frozen as ImageNet left it",
            PETS,
            ON_BACKBONES[name],
            # On VGG it is as its author built it, with a softmax so that it takes any number of classes. The other
            # backbones are averaged, as their own authors do. The text does not say how it learns: the dropout is that
            # of the author's small network, and the training ends when nothing more is learnt.
            {
                "network": "dense_head",
                "backbone": name,
                "pooling": "flatten" if name.startswith("vgg") else "average",
                "dense_dropout": 0.5,
                "batch_size": 32,
                "stop_patience": 5,
            },
        )
        for name, (title, *_) in BACKBONES.items()
    },
    "frozen-file": RecipeEntry(
        "one dense layer on any network without its top, from a .keras file",
        PETS,
        0,
        {
            "network": "linear_head",
            "backbone": FILE,
            "dense_dropout": 0.5,
            "batch_size": 32,
            "stop_patience": 5,
        },
    ),
}
