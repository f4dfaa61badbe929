"""What a .keras file holds, told apart from when and where it was saved; loads no TensorFlow."""

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

METADATA = "metadata.json"  # the date of the save
CONFIGURATION = "config.json"


def content_digest(path: Path) -> str:
    """sha256 over the configuration and the weights: the same for every save of the same model."""
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
    """Keras marks shared objects with their address in memory, another one in every process: number them instead."""
    numbers: dict[int, int] = {}

    def numbered(value: dict[str, Any]) -> dict[str, Any]:
        if "shared_object_id" in value:
            value["shared_object_id"] = numbers.setdefault(value["shared_object_id"], len(numbers))
        return value

    return json.dumps(json.loads(configuration, object_hook=numbered), sort_keys=True).encode()
