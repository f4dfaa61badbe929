"""The things that this project and other packages offer by name: sources, networks, recipes and sections of the report.

Another package adds one by an entry point of the group `pigeonhole.KIND`, as `pigeonhole.networks`.
"""

import importlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import Any, NamedTuple

from datasets.errors import UserError


class Offer(NamedTuple):
    """A thing that can be named in settings: where it is, as `module:object`, and the package that brings it."""

    name: str
    reference: str
    package: str = ""  # empty for this project's own

    @property
    def module(self) -> str:
        """The module that holds it."""
        return self.reference.partition(":")[0]


def offers(kind: str, built_in: Mapping[str, str]) -> dict[str, Offer]:
    """Returns everything of a kind that can be named: the built-in ones, then those of other packages."""
    own = {name: Offer(name, reference) for name, reference in built_in.items()}
    return own | {offer.name: _refuse_taken(offer, kind, own) for offer in _installed(kind)}


def load(offer: Offer) -> Any:
    """Returns what is offered; imports its module."""
    module, _, path = offer.reference.partition(":")
    try:
        found = importlib.import_module(module)
        for name in path.split("."):
            found = getattr(found, name)
    except Exception as error:  # the module of another package may raise anything
        if not offer.package:
            raise
        raise UserError(
            f"{offer.name} of the package {offer.package} cannot be loaded from {offer.reference}: {error}. "
            "Update that package or uninstall it"
        ) from error
    return found


@cache
def _installed(kind: str) -> tuple[Offer, ...]:
    found = entry_points(group=f"pigeonhole.{kind}")
    return tuple(Offer(entry.name, entry.value, entry.dist.name if entry.dist else "?") for entry in sorted(found))


def _refuse_taken(offer: Offer, kind: str, own: Mapping[str, Offer]) -> Offer:
    if offer.name in own:
        raise UserError(
            f"the package {offer.package} offers {offer.name} among pigeonhole.{kind}, a name that this project has "
            "itself: uninstall that package, or have its author choose another name"
        )
    return offer
