"""The bounds on what a picture takes to be read: memory, by its size, mode and format; and time."""

from PIL import Image

MOST_BYTES = 450_000_000  # of its file, its pixels, and what they are converted to
MOST_PIXELS = 90_000_000
_MOST_SIDE_PIXELS = 65_535  # as of a JPEG; Pillow keeps a pointer for each row
_MOST_PIXELS_IN_PYTHON = 1_000_000  # some formats are decoded by Python's code, in up to 2 s for so many
_STILL_FORMATS = frozenset({"MPO", "PSD"})  # a photo with its preview, a painting with its layers
_BYTES_BESIDE_PIXELS = {"WEBP": 16, "AVIF": 12, "JPEG2000": 16}  # of each pixel, in buffers of the decoder, as measured
_ROWS_OF_STRIP = 278  # the number of a TIFF's tag

# Pillow itself refuses twice as many, as of a picture within another file that turns out to be larger than it says.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2


class UnreadablePictureError(Exception):
    """The error that a file is no picture we can use; its message is the reason shown to the user."""


def refuse_oversized_and_moving(image: Image.Image) -> None:
    """Refuses a picture that is far too large or too slow to read, and an animation; reads no pixel."""
    width, height = image.size
    if width * height > MOST_PIXELS or max(image.size) > _MOST_SIDE_PIXELS:
        raise _too_large(image, image.size)
    if width * height > _MOST_PIXELS_IN_PYTHON and any(tile[0] in Image.DECODERS for tile in _tiles(image)):
        raise UnreadablePictureError(
            f"a {image.format} file of {width} x {height} pixels takes too long to read: save it as PNG or JPEG"
        )
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and image.format not in _STILL_FORMATS:
        raise UnreadablePictureError(f"an animation of {frames} frames; save the one you want as a picture of its own")


def shrinking(
    image: Image.Image, file_bytes: int, full_size: tuple[int, int], side_needed: int, is_turned: bool = False
) -> int:
    """Returns by how much a picture is shrunk as its pixels are converted: 1 where there is memory for all of them.

    It stays twice as large as is needed. Refuses a picture that takes too much memory even so.
    """
    pixels = image.width * image.height
    left = MOST_BYTES - file_bytes - pixels * _bytes_of_pixel(image.mode) - _bytes_of_decoder(image, full_size)
    copies = (image.mode != "RGB" or "transparency" in image.info) + is_turned
    if 4 * pixels * copies <= left:
        return 1
    factor = min(image.size) // (2 * side_needed)
    if factor < 2 or 8 * pixels // factor**2 > left:
        raise _too_large(image, full_size)
    return factor


def _bytes_of_decoder(image: Image.Image, full_size: tuple[int, int]) -> int:
    """Returns how much a decoder takes beside the pixels that it hands over."""
    pixels = full_size[0] * full_size[1]
    if image.format == "JPEG" and "progressive" in image.info:  # all its coefficients, 2 bytes each
        parts: list[int] = [across * down for _, across, down, _ in getattr(image, "layer", [])]
        return 2 * pixels * sum(parts) // max(parts, default=1)
    if image.format == "TIFF" and any(tile[0] == "libtiff" for tile in _tiles(image)):
        rows: int = getattr(image, "tag_v2", {}).get(_ROWS_OF_STRIP, image.height)
        return min(rows, image.height) * image.width * 2 * _bytes_of_pixel(image.mode)
    return pixels * _BYTES_BESIDE_PIXELS.get(image.format or "", 0)


def _bytes_of_pixel(mode: str) -> int:
    return 1 if mode in ("1", "L", "P") else 2 if mode.startswith("I;16") else 4


def _tiles(image: Image.Image) -> list[tuple[str, object]]:
    return list(getattr(image, "tile", []))


def _too_large(image: Image.Image, full_size: tuple[int, int]) -> UnreadablePictureError:
    width, height = full_size
    kind = f"{image.format} of mode {image.mode}"
    way_out = "save it smaller, or not as progressive" if "progressive" in image.info else "save it smaller"
    return UnreadablePictureError(f"the picture is too large to open safely: {width} x {height}, {kind}; {way_out}")
