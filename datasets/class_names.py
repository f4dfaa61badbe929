"""The names that classes can have: each is a folder on every computer, a line of a file, and a word on a page."""

import re
import unicodedata
from collections.abc import Iterable

from datasets.errors import UserError
from datasets.folders import counts
from datasets.shown_text import STEERING

_NOT_SHOWN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_NO_TEXT = re.compile("[\ud800-\udfff]")  # bytes that are no UTF-8
_ADVICE = "Rename it in the source, or name the classes to take in `classes` of its [dataset:NAME] section, without it"


def refuse_unusable_names(where: str, names: Iterable[str]) -> None:
    """Refuses names that no folder can have or that cannot be shown, and two names that pass for one another."""
    alike: dict[str, str] = {}
    for name in names:
        if reason := _why_unusable(name):
            raise UserError(f"{where}: {name!a} cannot be the name of a class: {reason}. {_ADVICE}")
        other = alike.setdefault(_as_compared(name), name)
        if other != name:
            raise UserError(
                f"{where}: the classes {_both(other, name)} have names that differ only in capitals, in spaces or in "
                f"how the same letters are stored. Many disks cannot hold both, and people mix them up. {_ADVICE}"
            )


def as_spelt(name: str, names: Iterable[str]) -> str:
    """Returns which of the names this is: itself or, if it is none of them, the one of other Unicode form."""
    forms = {unicodedata.normalize("NFC", known): known for known in names}
    return name if name in forms.values() else forms.get(unicodedata.normalize("NFC", name), name)


def _why_unusable(name: str) -> str:
    if not name.strip():
        return "it is empty"
    if not counts(name):
        return "folders of that name are hidden or the system's"
    if "/" in name:
        return "it has a slash, which parts folders"
    if STEERING.search(name):
        return "it has a line break or another control character"
    return "it has bytes that are no UTF-8" if _NO_TEXT.search(name) else ""


def _as_compared(name: str) -> str:
    """Returns what stays of a name where neither capitals, nor spaces around it, nor the Unicode form count."""
    folded = unicodedata.normalize("NFD", name).casefold()
    return unicodedata.normalize("NFC", _NOT_SHOWN.sub("", folded)).strip()


def _both(first: str, second: str) -> str:
    """Returns both names, with the signs written out where they look the same."""
    look_same = len({unicodedata.normalize("NFC", _NOT_SHOWN.sub("", name)) for name in (first, second)}) == 1
    return f"{first!a} and {second!a}" if look_same else f"{first!r} and {second!r}"
