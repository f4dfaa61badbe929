"""A picture file read as RGB pixels of a given size, or the reason why it cannot be."""

import io
import warnings
from collections.abc import Iterator

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from datasets.libtiff import silence_libtiff
from datasets.picture_bounds import MOST_PIXELS, UnreadablePictureError, refuse_oversized_and_moving, shrinking

__all__ = ["UnreadablePictureError", "decode_picture", "reject_reason"]

_PIXELS_AT_ONCE = 1_000_000  # that are converted
_SIDE_OF_CHECK = 32
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Here and not around each decoding, since all threads share the filters. A bomb is refused by its size.
warnings.filterwarnings("ignore", module=r"PIL\.")


def reject_reason(content: bytes) -> str:
    """Returns why a file cannot be used as a picture; nothing where it can."""
    try:
        _open_rgb(content, (_SIDE_OF_CHECK, _SIDE_OF_CHECK))
    except UnreadablePictureError as error:
        return str(error)
    return ""


def decode_picture(content: bytes, height: int, width: int, fit: str = "crop") -> np.ndarray:
    """Returns a picture file as uint8 [height, width, 3].

    A picture of another size is scaled: to cover that size, and its edges are cut off (crop); to lie within it, on
    white (pad); or to fill it, with other proportions (stretch).
    """
    image = _open_rgb(content, (width, height))
    if image.size == (width, height):
        return np.asarray(image)
    if fit == "crop":
        return np.asarray(ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS))
    if fit == "stretch":
        return np.asarray(image.resize((width, height), Image.Resampling.LANCZOS))
    return np.asarray(_padded(image, width, height))


def _padded(image: Image.Image, width: int, height: int) -> Image.Image:
    scale = min(width / image.width, height / image.height)
    inner = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    sheet = Image.new("RGB", (width, height), "white")
    sheet.paste(image.resize(inner, Image.Resampling.LANCZOS), ((width - inner[0]) // 2, (height - inner[1]) // 2))
    return sheet


def _open_rgb(content: bytes, size_needed: tuple[int, int]) -> Image.Image:
    """Returns a picture upright and as RGB, of this size at least, if it has so many pixels."""
    if not content:
        raise UnreadablePictureError("the file is empty")
    silence_libtiff()
    side = max(size_needed)
    try:
        image = Image.open(io.BytesIO(content))
        refuse_oversized_and_moving(image)
        full_size = image.size
        image.draft(None, (2 * side, 2 * side))  # a JPEG of that size or more decodes to a half, quarter or eighth
        shrinking(image, len(content), full_size, side)  # before it is loaded
        image.load()
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
        # Again, since some formats know their size and mode only now.
        factor = shrinking(image, len(content), full_size, side, is_turned=turn is not None)
        upright = _as_rgb(image, factor)
        return upright.transpose(turn) if turn is not None else upright
    except UnreadablePictureError:
        raise
    except Image.DecompressionBombError as error:
        raise UnreadablePictureError(
            f"the picture is too large to open safely: it has more than {MOST_PIXELS:,} pixels; save it smaller"
        ) from error
    except UnidentifiedImageError as error:
        raise UnreadablePictureError("the file is not a picture") from error
    except Exception as error:  # Pillow's decoders raise whatever a broken file makes them
        raise UnreadablePictureError(f"the picture is damaged: {error}") from error


def _as_rgb(image: Image.Image, factor: int) -> Image.Image:
    """Returns a picture as RGB, shrunk by a whole factor; converts a few rows at a time, to hold no more than those."""
    if image.mode == "RGB" and "transparency" not in image.info and factor == 1:
        return image
    white, is_opaque = _white_of(image), "transparency" not in image.info
    sheet = Image.new("RGB", (-(-image.width // factor), -(-image.height // factor)))
    for top, strip in _strips(image, factor):
        if factor > 1 and (image.mode in ("RGBA", "LA") or (image.mode in ("RGB", "L") and is_opaque)):
            sheet.paste(_strip_as_rgb(strip.reduce(factor), white), (0, top // factor))
        else:
            converted = _strip_as_rgb(strip, white)
            sheet.paste(converted.reduce(factor) if factor > 1 else converted, (0, top // factor))
    return sheet


def _strips(image: Image.Image, factor: int) -> Iterator[tuple[int, Image.Image]]:
    rows = max(1, _PIXELS_AT_ONCE // (image.width * factor)) * factor
    if rows >= image.height:
        yield 0, image
        return
    for top in range(0, image.height, rows):
        yield top, image.crop((0, top, image.width, min(top + rows, image.height)))


def _strip_as_rgb(strip: Image.Image, white: int) -> Image.Image:
    if strip.mode.startswith("I") or strip.mode == "F":
        grey = np.asarray(strip).astype(np.float64)
        return Image.fromarray((grey.clip(0, white) * (255 / white)).round().astype(np.uint8)).convert("RGB")
    if strip.has_transparency_data:
        see_through = strip.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", strip.size, "white"), see_through).convert("RGB")
    return strip.convert("RGB")


def _white_of(image: Image.Image) -> int:
    """Returns the grey that stands for white; greys of 16 bits count by their upper 8, which Pillow would clip instead.

    Greys that are floating-point numbers go up to 1, 255 or 65535, depending on the program that wrote them.
    """
    if image.mode != "F":
        return 65535
    brightest = np.max([np.asarray(strip).max() for _, strip in _strips(image, 1)])
    return 1 if brightest <= 1 else 255 if brightest <= 255 else 65535
