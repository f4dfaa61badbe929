"""The class names of CIFAR-10 and CIFAR-100, in the order of their labels and as the official name files spell them."""

from datasets.errors import UserError


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


CIFAR10 = _names("airplane automobile bird cat deer dog frog horse ship truck")

CIFAR100_FINE = _names(
    """
    apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle
    bowl boy bridge bus butterfly camel can castle caterpillar cattle
    chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur
    dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard
    lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain
    mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree
    plain plate poppy porcupine possum rabbit raccoon ray road rocket
    rose sea seal shark shrew skunk skyscraper snail snake spider
    squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor
    train trout tulip turtle wardrobe whale willow_tree wolf woman worm
    """
)

CIFAR100_COARSE = _names(
    """
    aquatic_mammals fish flowers food_containers fruit_and_vegetables
    household_electrical_devices household_furniture insects large_carnivores large_man-made_outdoor_things
    large_natural_outdoor_scenes large_omnivores_and_herbivores medium_mammals non-insect_invertebrates people
    reptiles small_mammals trees vehicles_1 vehicles_2
    """
)

CLASSES = {
    "cifar10": {"fine": CIFAR10},
    "cifar100": {"fine": CIFAR100_FINE, "coarse": CIFAR100_COARSE},
}


def class_names(kind: str, labels: str) -> tuple[str, ...]:
    """Returns the names of one label set of one kind of CIFAR."""
    if kind not in CLASSES:
        raise UserError(f"There is no CIFAR called {kind!r}: choose one of {', '.join(CLASSES)}.")
    label_sets = CLASSES[kind]
    if labels not in label_sets:
        raise UserError(f"{kind} has no {labels!r} labels: set labels to {' or '.join(label_sets)}.")
    return label_sets[labels]
