"""The archives and pictures of a source with bytes changed: each is read, or refused with a short reason."""

import bz2
import gzip
import io
import lzma
import pickle
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image
from test_cifar_binary import load_named
from test_cifar_pickles import write_python_cifar10

from datasets.errors import UserError
from datasets.pictures import UnreadablePictureError, decode_picture

COMPRESSED: dict[str, Callable[[bytes], bytes]] = {
    ".tar": lambda content: content,
    ".tar.gz": gzip.compress,
    ".tar.bz2": bz2.compress,
    ".tar.xz": lzma.compress,
}
PICTURE_KINDS = ("PNG", "JPEG", "TIFF", "GIF", "WEBP", "BMP", "JPEG2000", "ICO", "PPM", "TGA")
_MOST_LETTERS = 2_000


def attack_batches(folder: Path, count: int, seed: int) -> Iterator[str | None]:
    """Yields for each of so many mutated batches what went wrong, or None."""
    write_python_cifar10(folder / "cifar-10-batches-py")
    file = folder / "cifar-10-batches-py/data_batch_2"
    random = np.random.default_rng(seed)
    bases = [file.read_bytes(), pickle.dumps({b"data": np.zeros((2, 3072), np.uint8), b"labels": [1, 2]}, 4)]
    for _ in range(count):
        file.write_bytes(mutated(bases[random.integers(2)], random))
        yield _what_went_wrong(folder)


def attack_archives(folder: Path, suffix: str, count: int, seed: int) -> Iterator[str | None]:
    """Yields for each of so many mutated archives what went wrong, or None."""
    write_python_cifar10(folder / "cifar-10-batches-py")
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        tar.add(folder / "cifar-10-batches-py", "cifar-10-batches-py")
    random = np.random.default_rng(seed)
    archive, compress = folder / f"mine{suffix}", COMPRESSED[suffix]
    for turn in range(count):
        inside = turn % 2
        whole = content.getvalue()
        archive.write_bytes(compress(mutated(whole, random)) if inside else mutated(compress(whole), random))
        yield _what_went_wrong(archive)


def attack_pictures(kind: str, count: int, seed: int) -> Iterator[str | None]:
    """Yields for each of so many mutated pictures what went wrong, or None."""
    base = io.BytesIO()
    Image.effect_noise((40, 30), 60).convert("RGB").save(base, kind)
    random = np.random.default_rng(seed)
    for _ in range(count):
        changed = bytearray(base.getvalue())
        for _ in range(random.integers(1, 4)):
            place = int(random.integers(min(len(changed), random.choice([60, 10_000]))))
            changed[place : place + int(random.integers(1, 5))] = random.bytes(int(random.integers(0, 5)))
        try:
            shape = decode_picture(bytes(changed), 8, 8).shape
        except UnreadablePictureError as error:
            yield None if str(error) else f"{kind}: refused without a reason"
        except Exception as error:
            yield f"{kind}: {error!r}"
        else:
            yield None if shape == (8, 8, 3) else f"{kind}: pixels of the shape {shape}"


def mutated(content: bytes, random: np.random.Generator) -> bytes:
    """Returns the content with bytes changed, cut out or repeated, most of them near its start or its end."""
    changed = bytearray(content)
    for _ in range(random.integers(1, 5)):
        place = int(random.choice([random.integers(len(changed)), random.integers(min(400, len(changed)))]))
        place = int(random.choice([place, len(changed) - 1 - place]))
        match random.integers(4):
            case 0:
                changed[place] = random.integers(256)
            case 1:
                del changed[place : place + int(random.integers(1, 40))]
            case 2:
                changed[place:place] = changed[place : place + int(random.integers(1, 40))]
            case 3:
                changed[place : place + 4] = random.bytes(4)
        changed = changed or bytearray(1)
    return bytes(changed)


def _what_went_wrong(place: Path) -> str | None:
    try:
        arrays = load_named("cifar10", "fine", place)
    except UserError as error:
        return None if len(str(error)) < _MOST_LETTERS else f"a message of {len(str(error))} letters"
    except Exception as error:
        return repr(error)
    return None if len(arrays.labels) <= 60_000 else f"{len(arrays.labels)} pictures"
