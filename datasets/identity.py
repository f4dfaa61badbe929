"""The place of a picture in a seeded order, by its identity: nothing that joins or leaves changes the place of another.

A picture's identity is its file in the source or, where the source has no file for each, its number there.
"""

import hashlib
import unicodedata
from collections.abc import Mapping


def identity(number: int, files: Mapping[int, str]) -> str:
    """Returns the identity of a numbered picture; a name has one spelling, however a disk composes its letters."""
    return unicodedata.normalize("NFC", files[number]) if files else str(number)


def rank(seed: int, name: str, purpose: bytes = b"") -> float:
    """Returns a number from 0 to 1 that is fixed for a seed, a name and a purpose."""
    text = f"{seed}:{name}".encode("utf-8", "surrogateescape")
    digest = hashlib.blake2b(text, digest_size=8, person=purpose).digest()
    return int.from_bytes(digest, "big") / 2**64
