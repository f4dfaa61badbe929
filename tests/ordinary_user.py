"""The means to act as an ordinary user, also where root runs the tests."""

import ctypes
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from requirement import lacking

# From linux/capability.h: the third version of the header, and the powers to write and to read any file.
_VERSION = 0x20080522
_OVERRIDE = 1 << 1 | 1 << 2

Result = TypeVar("Result")


def by_ordinary_user(call: Callable[[], Result]) -> Result:
    """Returns what a call returns in a thread that may not read or write files whose modes forbid it."""
    if os.geteuid() == 0 and not hasattr(ctypes.CDLL(None), "capset"):
        lacking("needs Linux, or a user other than root: root may read and write any file")
    with ThreadPoolExecutor(1, initializer=_give_up_powers) as thread:
        return thread.submit(call).result()


def _give_up_powers() -> None:
    """Takes from this thread, if it is root's, the power to override the modes of files."""
    if os.geteuid():
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_VERSION, 0)
    powers = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable ones, twice: 32 at a time
    if libc.capget(header, powers):
        raise OSError(ctypes.get_errno(), "the powers of root cannot be read")
    powers[0] &= ~_OVERRIDE
    powers[1] &= ~_OVERRIDE
    if libc.capset(header, powers):
        raise OSError(ctypes.get_errno(), "the powers of root cannot be given up")
