"""The names of files: whether one is a picture, of which class in a flat folder, and where it sorts."""

import re

_READ_BY_PILLOW = """
    .apng .avif .avifs .bmp .bw .dcx .dds .dib .fit .fits .gif .icns .ico .j2c .j2k .jfif .jp2 .jpc .jpe .jpeg .jpf .jpg
    .jpx .pbm .pcd .pcx .pfm .pgm .png .pnm .ppm .psd .qoi .ras .rgb .rgba .sgi .tga .tif .tiff .webp .xbm .xpm
"""
# These are rejected with a reason, rather than passed over.
_READ_BY_OTHERS_ALONE = ".arw .cr2 .cr3 .dng .heic .heif .hif .jxl .nef .orf .raf .raw .rw2 .svg"
_SUFFIXES = frozenset(f"{_READ_BY_PILLOW} {_READ_BY_OTHERS_ALONE}".split())
_COPY = re.compile(r"[ _-]*\(?\b(copy|kopie|copie|copia)\b[ _-]*[0-9]*\)?$", re.IGNORECASE)  # as desktops name copies
_DIGITS = re.compile(r"([0-9]+)")

NaturalKey = tuple[list[str | int], str]


def is_picture(name: str) -> bool:
    """Returns whether a name ends as the names of pictures do."""
    return name[name.rfind(".") :].lower() in _SUFFIXES


def stated_class(name: str) -> str:
    """Returns `cat` for `cat.0.jpg`, `cat_12.png`, `cat-3.jpg`, `cat12.jpg`, `cat (2).jpg` and `cat.0 copy.jpg`."""
    stem = _COPY.sub("", name[: name.rfind(".")])
    return stem.rstrip(")").rstrip("0123456789").rstrip("( ._-")


def natural_key(name: str) -> NaturalKey:
    """Returns a key that sorts cat.2 before cat.10, and names that differ in leading zeros alone by their letters."""
    parts = _DIGITS.split(name)
    return [int(part) if position % 2 else part for position, part in enumerate(parts)], name
