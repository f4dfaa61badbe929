"""One picture file read as RGB pixels, or the reason why it cannot be."""

import io
import warnings

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

_MOST_PIXELS = 90_000_000  # what Pillow takes for a decompression bomb


class UnreadablePictureError(Exception):
    """A file that is no picture we can use; the message is the reason shown to the user."""


def reject_reason(content: bytes) -> str:
    """Why this file cannot be used as a picture, or nothing where it can."""
    try:
        _open_rgb(content)
    except UnreadablePictureError as error:
        return str(error)
    return ""


def decode_picture(content: bytes, height: int, width: int) -> np.ndarray:
    """A picture file as uint8 [height, width, 3]; of one of another size, the middle that fits after scaling."""
    image = _open_rgb(content)
    if image.size != (width, height):
        image = ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS)
    return np.asarray(image)


def _open_rgb(content: bytes) -> Image.Image:
    if not content:
        raise UnreadablePictureError("the file is empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a bomb is refused below, by its size
            image = Image.open(io.BytesIO(content))
            _refuse_oversized_and_moving(image)
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
    if frames > 1:
        raise UnreadablePictureError(f"an animation of {frames} frames; save the one you want as a picture of its own")


def _as_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "RGB" and "transparency" not in image.info:
        image.load()
        return image
    if image.mode.startswith("I") or image.mode == "F":
        return _sixteen_bits_as_rgb(image)
    if image.has_transparency_data:
        see_through = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, see_through).convert("RGB")
    return image.convert("RGB")


def _sixteen_bits_as_rgb(image: Image.Image) -> Image.Image:
    """Pillow clips greys of 16 bits when it converts them; their upper 8 bits are what should stay."""
    grey = np.asarray(image).astype(np.float64)
    return Image.fromarray((grey.clip(0, 65535) / 257).round().astype(np.uint8)).convert("RGB")
