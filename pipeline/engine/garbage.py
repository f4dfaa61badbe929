"""The pause of Python's search for garbage, which takes a fifth of the time where very many small tuples are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_search_for_garbage() -> Iterator[None]:
    """Lets the block run without Python's search for objects in cycles; what it makes must hold none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
