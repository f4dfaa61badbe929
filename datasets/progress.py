"""How far a long piece of work is: a bar on a terminal; where there is none, a line as it starts and as it ends."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(what: str, total: int, unit: str = "pictures") -> Iterator[Callable[[int], None]]:
    """Gives a function to call with how many more are done."""
    if sys.stderr.isatty():
        from tqdm import tqdm

        with tqdm(desc=what, total=total, unit=f" {unit}", leave=False) as bar:
            yield bar.update
        return
    print(f"{what}: {total:,} {unit}", file=sys.stderr, flush=True)
    began = time.perf_counter()
    yield lambda count: None
    print(f"{what}: done in {time.perf_counter() - began:.1f} s", file=sys.stderr, flush=True)
