"""`prune`: old results and what killed builds left, listed with their sizes and, if told so, deleted."""

import shutil
from collections.abc import Sequence

from pipeline.terminal.arguments import named_homes
from pipeline.terminal.housekeeping import leftovers


def run(arguments: Sequence[str]) -> int:
    """List them; delete them with --yes."""
    homes, delete = named_homes("prune", arguments)
    found = [leftover for home in homes for leftover in leftovers(home)]
    for folder, size in found:
        print(f"{size / 1e6:9.1f} MB  {folder}")
        if delete:
            shutil.rmtree(folder)
    if not found:
        print("nothing to delete")
        return 0
    total = sum(size for _, size in found) / 1e6
    print(f"{total:9.1f} MB {'deleted' if delete else f'in {len(found)} folders; --yes deletes them'}")
    return 0
