"""The part of Luigi's own log that is shown: what went wrong, and nothing else."""

import logging
import sys
import warnings

from luigi.configuration import get_config
from luigi.parameter import UnconsumedParameterWarning

from datasets.errors import UserError
from pipeline.engine.typed_command import is_luigi_command

_RAISED = f"\n{UserError.__module__}.{UserError.__qualname__}: "
LOGGERS = ("luigi-interface", "luigi", "luigi.scheduler")


def show_errors_only() -> None:
    """Makes Luigi print errors alone; a user's mistake as its message alone, and not at all where `build` raises it."""
    if any(isinstance(handler, _Terminal) for handler in logging.getLogger("luigi-interface").handlers):
        return
    set_default("core", "no_configure_logging", "true")
    warnings.simplefilter("ignore", UnconsumedParameterWarning)  # the check of luigi.cfg refuses what nobody reads
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.INFO)
        logger.propagate = False
    logging.getLogger("luigi-interface").addHandler(_Terminal(logging.WARNING))


def set_default(section: str, option: str, value: str) -> None:
    """Sets an option of Luigi's that the user left open."""
    config = get_config()
    if not config.has_option(section, option):
        config.set(section, option, value)


class _Terminal(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        _, raised, message = record.getMessage().rpartition(_RAISED)  # Luigi's text of what `complete` raised
        if not (isinstance(error, UserError) or raised):
            print(self.format(record), file=sys.stderr, flush=True)
        elif is_luigi_command():
            print(f"error: {error or message.strip()}", file=sys.stderr, flush=True)
