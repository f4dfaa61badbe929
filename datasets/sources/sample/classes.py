"""The class names of the sample, in the order of their labels."""

SAMPLE = ("tulip", "sunflower", "mushroom", "sea", "bridge", "rocket")
