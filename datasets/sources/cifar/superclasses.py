"""The superclass of each of CIFAR-100's classes, as published."""

from collections.abc import Mapping, Sequence

from datasets.errors import UserError

_MEMBERS = {
    "aquatic_mammals": "beaver dolphin otter seal whale",
    "fish": "aquarium_fish flatfish ray shark trout",
    "flowers": "orchid poppy rose sunflower tulip",
    "food_containers": "bottle bowl can cup plate",
    "fruit_and_vegetables": "apple mushroom orange pear sweet_pepper",
    "household_electrical_devices": "clock keyboard lamp telephone television",
    "household_furniture": "bed chair couch table wardrobe",
    "insects": "bee beetle butterfly caterpillar cockroach",
    "large_carnivores": "bear leopard lion tiger wolf",
    "large_man-made_outdoor_things": "bridge castle house road skyscraper",
    "large_natural_outdoor_scenes": "cloud forest mountain plain sea",
    "large_omnivores_and_herbivores": "camel cattle chimpanzee elephant kangaroo",
    "medium_mammals": "fox porcupine possum raccoon skunk",
    "non-insect_invertebrates": "crab lobster snail spider worm",
    "people": "baby boy girl man woman",
    "reptiles": "crocodile dinosaur lizard snake turtle",
    "small_mammals": "hamster mouse rabbit shrew squirrel",
    "trees": "maple_tree oak_tree palm_tree pine_tree willow_tree",
    "vehicles_1": "bicycle bus motorcycle pickup_truck train",
    "vehicles_2": "lawn_mower rocket streetcar tank tractor",
}

# In the order of the superclasses' labels.
SUPERCLASSES: Mapping[str, str] = {
    name: superclass for superclass, members in _MEMBERS.items() for name in members.split()
}


def superclasses_of(classes: Sequence[str]) -> list[str]:
    """Returns the superclass of each class; refuses a name that has none, and classes of one superclass alone."""
    for name in classes:
        if name not in SUPERCLASSES:
            raise UserError(
                f"predict = coarse sums the classes of CIFAR-100 to their superclasses, and {name!r} is none of them; "
                "train it on a data set with source = cifar100 and labels = fine, or leave predict at classes"
            )
    superclasses = [SUPERCLASSES[name] for name in classes]
    if len(set(superclasses)) < 2:
        raise UserError(
            f"predict = coarse has nothing to tell apart: all classes are {superclasses[0]} ({', '.join(classes)}). "
            "Add classes of another superclass, or leave predict at classes"
        )
    return superclasses
