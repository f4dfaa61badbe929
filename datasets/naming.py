"""How a picture's file is called, and the label its name states: `<label>_<number>.png`."""

import re
from collections.abc import Sequence

from datasets.errors import UserError

_PREFIX = re.compile(r"([0-9]+)_", re.ASCII)
_SCHEME_NAME = re.compile(r"[0-9]+_([0-9]+)\.png", re.ASCII)


def with_label(name: str, label: int, class_count: int) -> str:
    """A name of the export's own form, with another label in it."""
    return f"{label:0{len(str(class_count - 1))}}_{name.partition('_')[2]}"


def picture_name(label: int, number: int, class_count: int, picture_count: int) -> str:
    """`2_00421.png`: both numbers from 0, zero-padded to the widest there is, so that names sort as numbers do."""
    label_width, number_width = len(str(class_count - 1)), len(str(picture_count - 1))
    return f"{label:0{label_width}}_{number:0{number_width}}.png"


def stated_label(name: str, class_count: int) -> int | None:
    """The label that a file's name states, or None where it states none of this data set's."""
    match = _PREFIX.match(name)
    if match is None or len(match[1]) > len(str(class_count - 1)):
        return None
    label = int(match[1])
    return label if label < class_count else None


def scheme_number(name: str) -> int | None:
    """The number in a name of the export's own form, or None where the name is one of the user's own."""
    match = _SCHEME_NAME.fullmatch(name)
    return int(match[1]) if match else None


def label_img(name: str, classes: Sequence[str]) -> int:
    """The label that a file's name states, for any number of classes."""
    label = stated_label(name, len(classes))
    if label is None:
        raise UserError(
            f"{name}: the name states no label. It should start with a number from 0 to {len(classes) - 1} "
            f"and an underscore, as in {picture_name(0, 421, len(classes), 10_000)}"
        )
    return label
