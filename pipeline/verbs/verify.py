"""`verify`: every result held against the digests in its trace."""

from collections.abc import Sequence

from pipeline.terminal.arguments import named_homes
from pipeline.terminal.housekeeping import damaged_files, results


def run(arguments: Sequence[str]) -> int:
    """Name every damaged file; exit 1 if there is one."""
    homes, _ = named_homes("verify", arguments)
    folders = [folder for home in homes for folder in results(home)]
    damage = [line for folder in folders for line in damaged_files(folder)]
    for line in damage:
        print(line)
    print(f"{len(folders)} results checked, {len(damage)} files damaged")
    if damage:
        print("Delete the folder of a damaged result, and the next run builds it anew")
    return 1 if damage else 0
