"""A picture of any kind takes at most 500 MB and about two seconds to read, or is refused with the reason."""

import io
import os
import struct
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attacks.mutations import PICTURE_KINDS, attack_pictures
from measured import Measured, measure
from PIL import Image, ImageOps, TiffImagePlugin

from datasets.pictures import UnreadablePictureError, decode_picture, reject_reason

SIDE_PIXELS = 9_400
DECODE = "from datasets.pictures import decode_picture, reject_reason\nfrom PIL import Image\nImage.init()"


def decode_measured(file: Path) -> Measured:
    return measure(DECODE, "decode_picture(Path(sys.argv[1]).read_bytes(), 150, 150)", file)


def grey(kind: type) -> Image.Image:
    return Image.fromarray(np.zeros((SIDE_PIXELS, SIDE_PIXELS), kind))


def turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


LARGE: dict[str, tuple[str, Callable[[], Image.Image], dict[str, Any]]] = {
    "16 bits": ("PNG", lambda: grey(np.uint16), {}),
    "16 bits, not compressed": ("TIFF", lambda: grey(np.uint16), {}),
    "fractions": ("TIFF", lambda: grey(np.float32), {"compression": "tiff_lzw"}),
    "32 bits": ("TIFF", lambda: grey(np.int32), {"compression": "tiff_lzw"}),
    "see-through": ("PNG", lambda: Image.new("RGBA", (SIDE_PIXELS, SIDE_PIXELS)), {}),
    "grey see-through": ("PNG", lambda: Image.new("LA", (SIDE_PIXELS, SIDE_PIXELS)), {}),
    "colours, turned": ("PNG", lambda: Image.new("RGB", (SIDE_PIXELS, SIDE_PIXELS)), {"exif": turned()}),
    "a palette": ("GIF", lambda: Image.new("P", (SIDE_PIXELS, SIDE_PIXELS)), {}),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", LARGE)
def test_a_picture_of_88_million_pixels_is_read_within_bounds(tmp_path: Path, kind: str) -> None:
    form, make, options = LARGE[kind]
    make().save(tmp_path / "large", format=form, **options)
    measured = decode_measured(tmp_path / "large")
    assert measured.outcome == "done"
    assert measured.megabytes < 500
    assert measured.seconds < 4


@pytest.mark.parametrize(
    ("width", "height", "told"),
    [
        (1, 80_000_000, "1 x 80000000"),
        (80_000_000, 1, "80000000 x 1"),
        (10_000, 10_000, "it has more than 90,000,000 pixels"),
    ],
)
def test_a_picture_of_far_too_many_rows_columns_or_pixels_is_refused_at_once(
    width: int, height: int, told: str
) -> None:
    content = bytearray(saved(Image.new("L", (1, 1)), "PNG"))
    content[16:24] = struct.pack(">II", width, height)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    assert f"too large to open safely: {told}" in reject_reason(bytes(content))
    with pytest.raises(UnreadablePictureError, match=f"too large to open safely: {told}"):
        decode_picture(bytes(content), 8, 8)


@pytest.mark.slow
def test_a_file_that_leaves_no_memory_for_its_pixels_is_refused(tmp_path: Path) -> None:
    grey(np.float32).save(tmp_path / "large.tif")
    measured = decode_measured(tmp_path / "large.tif")
    assert "too large to open safely: 9400 x 9400, TIFF of mode F" in measured.outcome
    assert measured.megabytes < 400


def test_what_python_decodes_too_slowly_is_refused() -> None:
    with pytest.raises(UnreadablePictureError, match="a DDS file of 1100 x 1000 pixels takes too long to read"):
        decode_picture(saved(Image.new("RGB", (1100, 1000)), "DDS"), 8, 8)
    assert decode_picture(saved(Image.new("RGB", (90, 90)), "DDS"), 8, 8).shape == (8, 8, 3)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    content = io.BytesIO()
    image.save(content, format=kind, **options)
    return content.getvalue()


def on_white(image: Image.Image) -> Image.Image:
    see_through = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), see_through).convert("RGB")


def upper_bits(image: Image.Image) -> Image.Image:
    return Image.fromarray((np.asarray(image).astype(float) * (255 / 65535)).round().astype(np.uint8)).convert("RGB")


@pytest.mark.parametrize(("mode", "kind", "convert"), [("RGBA", "PNG", on_white), ("I;16", "PNG", upper_bits)])
def test_a_picture_converted_row_by_row_is_the_one_converted_whole(
    mode: str, kind: str, convert: Callable[[Image.Image], Image.Image]
) -> None:
    random = np.random.default_rng(3)
    shape = (1_000, 1_501) if mode == "I;16" else (1_000, 1_501, 4)
    image = Image.fromarray(random.integers(0, 256, shape).astype(np.uint16 if mode == "I;16" else np.uint8))
    expected = ImageOps.fit(convert(image), (40, 40), Image.Resampling.LANCZOS)
    assert np.array_equal(decode_picture(saved(image, kind), 40, 40), np.asarray(expected))


def test_libtiff_prints_nothing_and_whatever_else_is_printed_stays(capfd: pytest.CaptureFixture[str]) -> None:
    content = bytearray(saved(Image.effect_noise((64, 64), 50), "TIFF", compression="tiff_lzw"))
    content[8:3000] = bytes(2992)

    def decode() -> None:
        for _ in range(20):
            assert "damaged" in reject_reason(bytes(content))
            os.write(2, b".")

    threads = [threading.Thread(target=decode) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert capfd.readouterr().err == "." * 80


@pytest.mark.slow
@pytest.mark.parametrize("kind", PICTURE_KINDS)
def test_no_mutation_of_a_picture_does_more_than_be_refused(kind: str) -> None:
    assert not [wrong for wrong in attack_pictures(kind, 60, seed=len(kind)) if wrong]


def test_tags_of_a_tiff_that_nobody_knows_are_passed_over(capfd: pytest.CaptureFixture[str]) -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[65000] = "mine"
    tags.tagtype[65000] = 2
    content = saved(Image.new("RGB", (64, 64)), "TIFF", compression="tiff_deflate", tiffinfo=tags)
    assert decode_picture(content, 8, 8).shape == (8, 8, 3)
    assert capfd.readouterr().err == ""
