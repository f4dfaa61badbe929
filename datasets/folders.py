"""The folders that hold the pictures: `images/<train|test>/<class>/`."""

import os
from pathlib import Path

SUBSET_DIRS = ("train", "test")


def hold_files(images_dir: Path) -> bool:
    """Whether there is any file in them, hidden ones aside; folders alone are as good as none."""
    return any(not name.startswith(".") for _, _, names in os.walk(images_dir) for name in names)
