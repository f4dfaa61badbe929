"""A picture file read as RGB pixels of a given size, or the reason why it cannot be."""

import io
import warnings

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

_STILL_FORMATS = frozenset({"MPO", "PSD"})  # a photo with its preview, a painting with its layers
_MOST_PIXELS = 90_000_000  # above, Pillow takes a picture for a decompression bomb

# Here and not around each decoding, since all threads share the filters. A bomb is refused below, by its size.
warnings.filterwarnings("ignore", module=r"PIL\.")


class UnreadablePictureError(Exception):
    """The error that a file is no picture we can use; its message is the reason shown to the user."""


def reject_reason(content: bytes) -> str:
    """Returns why a file cannot be used as a picture; nothing where it can."""
    try:
        _open_rgb(content)
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


def _open_rgb(content: bytes, size_needed: tuple[int, int] | None = None) -> Image.Image:
    if not content:
        raise UnreadablePictureError("the file is empty")
    try:
        image = Image.open(io.BytesIO(content))
        _refuse_oversized_and_moving(image)
        if size_needed:
            side = 2 * max(size_needed)
            image.draft(None, (side, side))  # a JPEG of twice that size or more decodes to a half, quarter or eighth
        return _as_rgb(ImageOps.exif_transpose(image))
    except UnreadablePictureError:
        raise
    except Image.DecompressionBombError as error:
        raise UnreadablePictureError("the picture is too large to open safely") from error
    except UnidentifiedImageError as error:
        raise UnreadablePictureError("the file is not a picture") from error
    except Exception as error:  # Pillow's decoders raise whatever a broken file makes them
        raise UnreadablePictureError(f"the picture is damaged: {error}") from error


def _refuse_oversized_and_moving(image: Image.Image) -> None:
    width, height = image.size
    if width * height > _MOST_PIXELS:
        raise UnreadablePictureError(f"the picture is too large to open safely: {width} x {height}")
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and image.format not in _STILL_FORMATS:
        raise UnreadablePictureError(f"an animation of {frames} frames; save the one you want as a picture of its own")


def _as_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "RGB" and "transparency" not in image.info:
        image.load()
        return image
    if image.mode.startswith("I") or image.mode == "F":
        return _deep_grey_as_rgb(image)
    if image.has_transparency_data:
        see_through = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, see_through).convert("RGB")
    return image.convert("RGB")


def _deep_grey_as_rgb(image: Image.Image) -> Image.Image:
    """Returns greys of 16 bits by their upper 8 bits; Pillow would clip them instead.

    Greys that are floating-point numbers go up to 1, 255 or 65535, depending on the program that wrote them.
    """
    grey = np.asarray(image).astype(np.float64)
    brightest = grey.max() if image.mode == "F" else 65535
    white = 1 if brightest <= 1 else 255 if brightest <= 255 else 65535
    return Image.fromarray((grey.clip(0, white) * (255 / white)).round().astype(np.uint8)).convert("RGB")
