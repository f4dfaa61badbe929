"""A user's mistake that ends a command, shown as its message alone.

Loaded before Luigi, which reads luigi.cfg as soon as it is imported and knows of no plain words.
"""

import io
import os
import sys
from configparser import Error as ConfigError
from pathlib import Path
from types import TracebackType

from datasets.errors import UserError


def show_plain_errors() -> None:
    """Do so from here on; what is shown may name files, and those any bytes."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.excepthook = _explain_and_exit


def _explain_and_exit(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if isinstance(error, KeyboardInterrupt):
        print("\nstopped; the same command goes on from here", file=sys.stderr)
        sys.exit(130)
    if isinstance(error, UserError):
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    if isinstance(error, BrokenPipeError):  # `… | head` has read enough; what is left to print is nobody's
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.__excepthook__(kind, error, trace)


# While Python loads this package for `python -m pipeline`, `-m` stands where the program's name will.
if sys.argv[:1] == ["-m"] or Path(*sys.argv[:1]).stem == "pigeonhole":
    show_plain_errors()

try:
    import luigi  # noqa: F401
except (ConfigError, ValueError) as error:
    raise UserError(f"luigi.cfg cannot be read: {error}") from error
except FileNotFoundError as error:  # it looks for a folder to write temporary files to
    raise UserError(
        f"{error.strerror}: make room in one of them, raise the limit on the size of files (ulimit -f), "
        "or have TMPDIR name a folder that can be written"
    ) from error
