"""The pictures of every kind in a source folder: as RGB of the size asked for, or told why they cannot be."""

import io
import threading
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from datasets.errors import UserError
from datasets.pictures import UnreadablePictureError, decode_picture
from datasets.sources.folder.file_names import is_picture
from datasets.sources.folder.folder_listing import list_folder
from datasets.sources.folder.load_folder import load

GREY = 128


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    content = io.BytesIO()
    image.save(content, format=kind, **options)
    return content.getvalue()


def _deep(kind: type, value: float) -> Image.Image:
    return Image.fromarray(np.full((32, 32), value, kind))


def _see_through_palette() -> bytes:
    image = Image.new("P", (32, 32), 1)
    image.putpalette([0, 0, 0, 255, 0, 0])
    return saved(image, "PNG", transparency=1)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (saved(Image.new("L", (32, 32), GREY), "PNG"), GREY),
        (saved(Image.new("1", (32, 32), 1), "PNG"), 255),
        (saved(_deep(np.uint16, GREY * 257), "PNG"), GREY),
        (saved(_deep(np.int32, GREY * 257), "TIFF"), GREY),
        (saved(_deep(np.float32, GREY / 255), "TIFF"), GREY),
        (saved(_deep(np.float32, GREY), "TIFF"), GREY),
        (saved(Image.new("CMYK", (32, 32), (0, 0, 0, 255 - GREY)), "JPEG", quality=100), GREY),
        (saved(Image.new("YCbCr", (32, 32), (GREY, 128, 128)), "TIFF"), GREY),
        (saved(Image.new("RGBA", (32, 32), (1, 1, 1, 127)), "PNG"), GREY),
        (saved(Image.new("RGBA", (32, 32), (1, 1, 1, 127)), "WEBP", lossless=True), GREY),
        (saved(Image.new("LA", (32, 32), (1, 127)), "PNG"), GREY),
        (saved(Image.new("RGB", (32, 32), (GREY,) * 3).quantize(4), "GIF"), GREY),
        (saved(Image.new("RGB", (32, 32), "black"), "PNG", transparency=(0, 0, 0)), 255),
        (_see_through_palette(), 255),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else Image.open(io.BytesIO(value)).mode,
)
def test_pictures_of_every_mode_become_rgb_on_white(content: bytes, expected: int) -> None:
    pixels = decode_picture(content, 8, 8)
    assert (pixels.shape, pixels.dtype) == ((8, 8, 3), np.uint8)
    assert np.abs(pixels.astype(int) - expected).max() <= 2


_UNDO = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_a_photo_is_turned_as_its_camera_was(orientation: int, kind: str) -> None:
    upright = Image.fromarray(np.random.default_rng(0).integers(0, 256, (3, 2, 3), np.uint8)).resize((32, 48), 0)
    turned = upright.transpose(_UNDO[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = saved(turned, kind, exif=exif, quality=95)
    assert np.abs(decode_picture(content, 48, 32).astype(int) - np.asarray(upright)).mean() < 8


def _broad() -> bytes:
    """Returns a picture twice as broad as high: red, then grey over the middle half, then blue."""
    pixels = np.full((20, 40, 3), GREY, np.uint8)
    pixels[:, :10], pixels[:, 30:] = (255, 0, 0), (0, 0, 255)
    return saved(Image.fromarray(pixels), "PNG")


def test_crop_keeps_the_middle() -> None:
    assert (decode_picture(_broad(), 20, 20) == GREY).all()
    assert np.array_equal(decode_picture(_broad(), 20, 20, "crop"), decode_picture(_broad(), 20, 20))


def test_pad_keeps_everything_on_white() -> None:
    pixels = decode_picture(_broad(), 20, 20, "pad")
    assert (pixels[:5] == 255).all()
    assert (pixels[15:] == 255).all()
    assert pixels[10, 1].tolist() == [255, 0, 0]
    assert pixels[10, 18].tolist() == [0, 0, 255]


def test_stretch_fills_all_with_everything() -> None:
    pixels = decode_picture(_broad(), 20, 20, "stretch")
    assert (pixels[:, 1] == (255, 0, 0)).all()
    assert (pixels[:, 10] == GREY).all()
    assert (pixels[:, 18] == (0, 0, 255)).all()


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (7, 7), (20, 20), (500, 333)])
def test_pictures_of_any_size_fit(shape: tuple[int, int], fit: str) -> None:
    pixels = decode_picture(saved(Image.new("RGB", shape, (9, 9, 9)), "PNG"), 20, 20, fit)
    assert pixels.shape == (20, 20, 3)
    assert (pixels[9:11, 9:11] == 9).all(axis=2).any()


def test_a_picture_of_the_size_asked_for_is_left_as_it_is() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (20, 20, 3), np.uint8)
    for fit in ("crop", "pad", "stretch"):
        assert np.array_equal(decode_picture(saved(Image.fromarray(pixels), "PNG"), 20, 20, fit), pixels)


def test_a_large_photo_shrinks_to_what_a_lossless_one_does() -> None:
    squares = np.random.default_rng(0).integers(0, 256, (75, 100), np.uint8)
    photo = Image.fromarray(squares).resize((1600, 1200), Image.Resampling.NEAREST)
    as_jpeg, as_png = (
        decode_picture(content, 225, 300).astype(int)
        for content in (saved(photo, "JPEG", quality=95), saved(photo, "PNG"))
    )
    assert np.abs(as_jpeg - as_png).mean() < 2


def test_a_photo_with_a_preview_is_no_animation() -> None:
    photo, preview = Image.new("RGB", (64, 64), (GREY,) * 3), Image.new("RGB", (16, 16))
    content = saved(photo, "MPO", save_all=True, append_images=[preview])
    assert Image.open(io.BytesIO(content)).n_frames == 2
    assert np.abs(decode_picture(content, 32, 32).astype(int) - GREY).max() <= 2


def test_every_kind_of_picture_that_pillow_reads_counts_as_one_by_its_name() -> None:
    Image.init()
    suffixes = [suffix for suffix, kind in Image.registered_extensions().items() if kind in Image.OPEN]
    others = "blp bufr cur emf eps flc fli ftc ftu gbr grib h5 hdf icb iim mpeg mpg msp pxr im ps vda vst wmf"
    assert {suffix for suffix in suffixes if not is_picture(f"cat.1{suffix.upper()}")} <= {
        f".{suffix}" for suffix in others.split()
    }
    assert not any(map(is_picture, ["notes.txt", "labels.csv", "jpg", "cat", "cat.1", "archive.zip", "clip.mp4"]))


def _truncated() -> bytes:
    content = saved(Image.effect_noise((200, 200), 50), "JPEG")
    return content[: len(content) // 2]


def _animated() -> bytes:
    frames = [Image.new("L", (32, 32), shade) for shade in (0, 90, 200)]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"meow", "not a picture"),
        (_truncated(), "damaged"),
        (_animated(), "animation of 3 frames"),
        (saved(Image.new("1", (20_000, 20_000)), "PNG"), "too large"),
    ],
    ids=["empty", "text", "truncated", "animated", "bomb"],
)
def test_what_cannot_be_used_is_told_when_it_is_asked_for(tmp_path: Path, content: bytes, reason: str) -> None:
    folder_of(tmp_path, {"cat.0.jpg": content, "dog.0.png": saved(Image.new("RGB", (9, 9)), "PNG")})
    arrays = load(list_folder(tmp_path), 8, "crop")
    with pytest.raises(UnreadablePictureError, match=reason):
        arrays.pixels[0]
    assert arrays.pixels[1].shape == (8, 8, 3)


def folder_of(root: Path, contents: dict[str, bytes]) -> None:
    for name, content in contents.items():
        (root / name).write_bytes(content)


def test_a_source_that_goes_while_it_is_read_stops_the_export_rather_than_rejecting_all(tmp_path: Path) -> None:
    root = tmp_path / "pets"
    root.mkdir()
    folder_of(root, dict.fromkeys(("cat.0.png", "dog.0.png"), saved(Image.new("RGB", (9, 9)), "PNG")))
    arrays = load(list_folder(root), 8, "crop")
    root.rename(tmp_path / "aside")
    with pytest.raises(UserError, match="pets was there and has gone; connect its disk, then run again"):
        arrays.pixels[0]


def test_decoding_in_threads_leaves_the_filters_of_warnings_alone() -> None:
    content = saved(Image.new("RGB", (64, 64)), "PNG")
    before = list(warnings.filters)
    threads = [threading.Thread(target=lambda: [decode_picture(content, 8, 8) for _ in range(50)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(warnings.filters) == before
