"""The change of where a link leads, in one step: whoever looks meanwhile finds it leading to one place or the other."""

import os
from pathlib import Path


def swap_link(link: Path, leads_to: str | os.PathLike[str]) -> None:
    """Makes a link lead to a path, which is kept as it is given: a relative one counts from the link's folder."""
    fresh = link.with_name(f".{link.name}.new")  # one name: what a kill left is taken away by the next
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(leads_to)
    fresh.replace(link)
