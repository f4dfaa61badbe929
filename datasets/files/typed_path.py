"""The paths that users type in settings, in which `~` stands for a home folder."""

from pathlib import Path

from datasets.errors import UserError


def typed_path(text: str) -> Path:
    """Returns the path that was typed; refuses the home folder of a user that this machine does not know."""
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise UserError(f"{text}: there is no such user, or none with a home folder: write the whole path") from error
