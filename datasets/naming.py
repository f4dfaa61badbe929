"""The names of picture files, `<label>_<number>.png`, and the label that a name states."""

import re
from collections.abc import Sequence

from datasets.errors import UserError

_PREFIX = re.compile(r"([0-9]+)_", re.ASCII)
_SCHEME_NAME = re.compile(r"[0-9]+_([0-9]+)\.png", re.ASCII)


def with_label(name: str, label: int, class_count: int) -> str:
    """Returns a name of this form with another label in it."""
    return f"{label:0{len(str(class_count - 1))}}_{name.partition('_')[2]}"


def picture_name(label: int, number: int, class_count: int, number_width: int) -> str:
    """Returns `2_00421.png`: both numbers from 0; labels are zero-padded to the widest, numbers to so many digits."""
    return f"{label:0{len(str(class_count - 1))}}_{number:0{number_width}}.png"


def stated_label(name: str, class_count: int) -> int | None:
    """Returns the label that a file's name states; None where it states none of this data set's."""
    match = _PREFIX.match(name)
    if match is None or len(match[1]) > len(str(class_count - 1)):
        return None
    label = int(match[1])
    return label if label < class_count else None


def scheme_number(name: str) -> int | None:
    """Returns the number in a name of this form; None where the name is of another form."""
    match = _SCHEME_NAME.fullmatch(name)
    return int(match[1]) if match else None


def number_width(name: str) -> int:
    """Returns how many digits the number in a name of this form has; 0 where the name is of another form."""
    match = _SCHEME_NAME.fullmatch(name)
    return len(match[1]) if match else 0


def label_img(name: str, classes: Sequence[str]) -> int:
    """Returns the label that a file's name states, for any number of classes; raises UserError where it states none."""
    label = stated_label(name, len(classes))
    if label is None:
        raise UserError(
            f"{name}: the name states no label. It should start with a number from 0 to {len(classes) - 1} "
            f"and an underscore, as in {picture_name(0, 421, len(classes), 4)}"
        )
    return label
