"""The exported picture that each file in the folders is, by its path, then by its content; the others were added."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from datasets.contents import PictureFile
from datasets.naming import scheme_number
from datasets.tables import ExportRow

Match = tuple[PictureFile, ExportRow | None]


def match_pictures(
    pictures: Sequence[PictureFile], exported: Sequence[ExportRow], unreadable_paths: Collection[str]
) -> tuple[list[Match], list[ExportRow]]:
    """Returns each picture with what it was exported as (None: added), and the exported pictures that are gone.

    Exported pictures are sorted by number, then come added ones by content. An exported picture that lies in its place
    but can no longer be read is neither matched nor gone.
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


def _match_contents(
    pictures: Iterable[PictureFile], unclaimed: dict[str, ExportRow], matches: list[Match]
) -> list[PictureFile]:
    """Matches pictures that were moved or renamed; returns the others.

    Of several pictures alike, those go first whose names still state their number as the export does.
    """
    by_content: defaultdict[str, dict[int, ExportRow]] = defaultdict(dict)
    for origin in unclaimed.values():
        by_content[origin.sha256][origin.number] = origin

    def claim(picture: PictureFile, number: int | None) -> bool:
        """Returns whether an exported picture has its content (and this number, if any), and matches the two."""
        alike = by_content.get(picture.sha256, {})
        chosen = next(iter(alike), None) if number is None else number
        if chosen is None or chosen not in alike:
            return False
        matches.append((picture, unclaimed.pop(alike.pop(chosen).path)))
        return True

    numbered = [(picture, scheme_number(picture.path.rpartition("/")[2])) for picture in pictures]
    left = [picture for picture, number in numbered if number is None or not claim(picture, number)]
    return [picture for picture in left if not claim(picture, None)]


def _match_repainted(
    pictures: Iterable[PictureFile], unclaimed: dict[str, ExportRow], matches: list[Match]
) -> list[PictureFile]:
    """Matches pictures that lie in the place of an exported one; returns the others."""
    left = []
    for picture in pictures:
        origin = unclaimed.pop(picture.path, None)
        if origin is None:
            left.append(picture)
        else:
            matches.append((picture, origin))
    return left
