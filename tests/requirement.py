"""The rule for a test that needs what this machine lacks."""

import os
from typing import NoReturn

import pytest


def lacking(what: str) -> NoReturn:
    """Skips the test; fails it where CI is set, since a run that looks at less than everything must not pass."""
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        pytest.fail(f"{what} (without CI in the environment this test is skipped)", pytrace=False)
    pytest.skip(what)
