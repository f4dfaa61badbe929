"""The warnings and errors of libtiff, which that library prints on the terminal by itself."""

import ctypes
from functools import cache

from PIL import _imaging


@cache
def silence_libtiff() -> None:
    """Lets libtiff print nothing from now on; Pillow raises its errors as exceptions all the same.

    Nothing else that is printed is touched. Where the library cannot be reached, its warnings stay.
    """
    try:
        library = ctypes.CDLL(_imaging.__file__)  # finds what is linked to it, too
        for name in ("TIFFSetWarningHandler", "TIFFSetErrorHandler"):
            handler = getattr(library, name)
            handler.argtypes, handler.restype = [ctypes.c_void_p], ctypes.c_void_p
            handler(None)
    except (AttributeError, OSError):
        return
