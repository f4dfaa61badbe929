"""Prepares the terminal for `luigi`: it shows our own lines and plain errors; Luigi's log goes to the workspace.

This happens where the project is the `--module` of Luigi's command; an import from elsewhere changes nothing.
"""

import atexit
import logging
import os
import sys
from pathlib import Path

from luigi.configuration import get_config

from pipeline.engine import invocation, settings
from pipeline.engine.luigi_log import LOGGERS, set_default, show_errors_only
from pipeline.engine.shared_work import wait_for_other_processes
from pipeline.engine.typed_command import is_luigi_command
from pipeline.terminal.closing_screen import print_closing_screen
from pipeline.terminal.config_check import check_config
from pipeline.terminal.exit_codes import OF_LUIGI
from pipeline.terminal.luigi_arguments import check_command
from pipeline.terminal.plain_errors import show_plain_errors


def attach() -> None:
    """Refuses misspelt settings, and takes over the terminal if this is Luigi's command."""
    if not is_luigi_command():
        check_config(sys.argv[1:])
        return
    show_plain_errors()
    check_config(sys.argv[1:])
    for option, exit_code in OF_LUIGI.items():
        set_default("retcode", option, str(exit_code))
    set_default("core", "no_lock", "true")  # results have locks of their own, which end with their process
    if not _names_a_scheduler():
        set_default("core", "local_scheduler", "true")
    wait_for_other_processes()
    set_default("worker", "wait_jitter", "1")
    show_errors_only()
    for name in LOGGERS:
        logging.getLogger(name).addHandler(_WorkspaceLog())
    if worker_count := check_command(sys.argv[1:]):
        _tell_of_new_workspace()
        invocation.begin(worker_count)  # before the screen, since what is registered last runs first
        atexit.register(print_closing_screen, os.getpid())


def _tell_of_new_workspace() -> None:
    """Says where results will be, if nothing is there yet: perhaps the command was meant for another folder."""
    folder = settings.workspace()
    if folder.exists():
        return
    settings_found = any(Path(file).is_file() for file in get_config()._config_paths)
    note = "" if settings_found else "; there is no luigi.cfg here, so all settings are the defaults"
    print(f"a new workspace begins in {folder.absolute()}{note}", file=sys.stderr, flush=True)


class _LogFile(logging.FileHandler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - Python's name
        """Ignores the failure: where nothing can be written, the stages say so."""


class _WorkspaceLog(logging.Handler):
    """A log file in the workspace that the command line names, opened with the first line."""

    _file: logging.FileHandler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            if self._file is None:
                settings.workspace().mkdir(parents=True, exist_ok=True)
                self._file = _LogFile(settings.workspace() / "luigi.log", encoding="utf-8")
                self._file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
            self._file.emit(record)
        except OSError:
            self.close()  # where nothing can be written, the stages say so


def _names_a_scheduler() -> bool:
    """Returns whether the user named a Luigi scheduler to ask."""
    options = [f"{prefix}scheduler_{part}" for prefix in ("", "default_") for part in ("host", "port", "url")]
    return any(get_config().has_option("core", option) for option in options) or any(
        word.startswith("--scheduler-") for word in sys.argv
    )
