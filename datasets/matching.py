"""Which exported picture each file in the folders is: by its path, then by its content; what is left over was added."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from datasets.contents import Picture
from datasets.exported import Exported
from datasets.naming import stated_number

Match = tuple[Picture, Exported | None]


def match_pictures(
    pictures: Sequence[Picture], exported: Sequence[Exported], unreadable_paths: Collection[str]
) -> tuple[list[Match], list[Exported]]:
    """Each picture with what it was exported as (None: added), by number and then by content; and what is gone.

    An exported picture that lies where it did but can no longer be read is neither matched nor gone.
    """
    by_path = {origin.path: origin for origin in exported}
    matches: list[Match] = []
    unsure = []
    for picture in pictures:
        origin = by_path.get(picture.path)
        if origin is not None and origin.sha256 == picture.sha256:
            matches.append((picture, origin))
            del by_path[picture.path]
        else:
            unsure.append(picture)
    added = _match_contents(unsure, by_path, matches)
    added = _match_repainted(added, by_path, matches)
    matches.sort(key=lambda match: match[1].number if match[1] else -1)
    added.sort(key=lambda picture: (picture.sha256, picture.path))
    removed = [origin for origin in by_path.values() if origin.path not in unreadable_paths]
    return matches + [(picture, None) for picture in added], removed


def _match_contents(pictures: Iterable[Picture], unclaimed: dict[str, Exported], matches: list[Match]) -> list[Picture]:
    """Moved or renamed: of several exported alike, the one whose number the name still states comes first."""
    by_content = defaultdict(list)
    for origin in unclaimed.values():
        by_content[origin.sha256].append(origin)
    left = []
    for picture in pictures:
        candidates = by_content.get(picture.sha256, [])
        if not candidates:
            left.append(picture)
            continue
        number = stated_number(picture.path.rsplit("/", 1)[-1])
        origin = min(candidates, key=lambda candidate: (candidate.number != number, candidate.number))
        candidates.remove(origin)
        matches.append((picture, unclaimed.pop(origin.path)))
    return left


def _match_repainted(
    pictures: Iterable[Picture], unclaimed: dict[str, Exported], matches: list[Match]
) -> list[Picture]:
    left = []
    for picture in pictures:
        origin = unclaimed.pop(picture.path, None)
        if origin is None:
            left.append(picture)
        else:
            matches.append((picture, origin))
    return left
