"""A quick writer of RGB pictures as lossless PNG files."""

import io
import struct
import zlib

import numpy as np

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DISK_BLOCK = 4096
_HEADERS_AND_CHECKSUMS = 80


def encode_png(pixels: np.ndarray) -> bytes:
    """Returns the PNG file of a uint8 [height, width, 3] array.

    A picture that fits uncompressed into one block of a disk is left uncompressed: compressing it would save no space
    there, and takes nine times as long. Pillow compresses a larger one.
    """
    height, width, _ = pixels.shape
    if height * (width * 3 + 1) + _HEADERS_AND_CHECKSUMS <= _DISK_BLOCK:
        return _stored_png(pixels)
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG", compress_level=1)
    return buffer.getvalue()


def _stored_png(pixels: np.ndarray) -> bytes:
    height, width, _ = pixels.shape
    rows = np.zeros((height, width * 3 + 1), np.uint8)  # each row begins with the number of its filter: 0, none
    rows[:, 1:] = pixels.reshape(height, width * 3)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits, RGB
    return b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), 0)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(body, zlib.crc32(kind))
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)
