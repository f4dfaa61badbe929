"""The progress of long work: a bar on a terminal; elsewhere a line at its start and one at its end."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(what: str, total: int, unit: str = "pictures") -> Iterator[Callable[[int], None]]:
    """Gives a function to call with the number of those done since the last call."""
    if sys.stderr.isatty():
        from tqdm import tqdm

        with tqdm(desc=what, total=total, unit=f" {unit}", leave=False) as bar:
            yield bar.update
        return
    print(f"{what}: {total:,} {unit}", file=sys.stderr, flush=True)
    began = time.perf_counter()
    yield lambda count: None
    print(f"{what}: done in {time.perf_counter() - began:.1f} s", file=sys.stderr, flush=True)
