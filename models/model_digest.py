"""Digests the content of a .keras file, whatever the time and place it was saved at. Loads no TensorFlow."""

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

METADATA = "metadata.json"  # has the date of the save
CONFIGURATION = "config.json"


def content_digest(path: Path) -> str:
    """Returns the sha256 of the configuration and the weights, which is the same each time a model is saved."""
    digest = hashlib.sha256()
    with zipfile.ZipFile(path) as archive:
        for name in sorted(set(archive.namelist()) - {METADATA}):
            content = archive.read(name)
            if name == CONFIGURATION:
                content = _without_addresses(content)
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _without_addresses(configuration: bytes) -> bytes:
    """Returns the configuration with shared objects numbered; Keras has their addresses in memory, which change."""
    numbers: dict[int, int] = {}

    def numbered(value: dict[str, Any]) -> dict[str, Any]:
        if "shared_object_id" in value:
            value["shared_object_id"] = numbers.setdefault(value["shared_object_id"], len(numbers))
        return value

    return json.dumps(json.loads(configuration, object_hook=numbered), sort_keys=True).encode()
