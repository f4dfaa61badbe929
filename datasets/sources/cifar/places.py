"""The places where CIFAR may already lie, or will be kept."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
    """Where to look: what the user names, or else a Keras cache, or else the downloads."""

    archives: Path | None  # a folder or an archive; where one is named, nothing else is read
    downloads: Path  # keeps the official archive once it was fetched
    keras_home: Path  # ~/.keras, or what KERAS_HOME says
