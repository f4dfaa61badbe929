"""Shows a user's mistake as its message alone, without a traceback.

It is loaded before Luigi, which reads luigi.cfg as soon as it is imported, and fails with a traceback of its own.
"""

import io
import os
import sys
from configparser import DuplicateOptionError, DuplicateSectionError
from configparser import Error as ConfigError
from pathlib import Path
from types import TracebackType

from datasets.errors import UserError


def show_plain_errors() -> None:
    """Makes this process show errors so from here on, and print file names of any bytes."""
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
    if isinstance(error, BrokenPipeError):  # `… | head` has read enough, and nobody reads the rest
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.__excepthook__(kind, error, trace)
    sys.exit(4)


# While Python loads this package for `python -m pipeline`, `-m` stands where the program's name will.
if sys.argv[:1] == ["-m"] or Path(*sys.argv[:1]).stem == "pigeonhole":
    show_plain_errors()

try:
    import luigi  # noqa: F401
except UnicodeDecodeError as error:
    raise UserError(f"luigi.cfg cannot be read: it is not in UTF-8 (byte {error.start}); save it as UTF-8") from error
except (DuplicateOptionError, DuplicateSectionError) as error:
    raise UserError(f"luigi.cfg cannot be read: {error}; put both together in one") from error
except (ConfigError, ValueError) as error:
    raise UserError(f"luigi.cfg cannot be read: {error}") from error
except FileNotFoundError as error:  # there is no folder for temporary files
    raise UserError(
        f"{error.strerror}: make room in one of them, raise the limit on file sizes (ulimit -f), "
        "or set TMPDIR to a folder that can be written"
    ) from error
