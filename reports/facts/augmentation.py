"""How a recipe changes its pictures while it trains, in words. Reads and writes no file."""

from collections.abc import Mapping
from typing import Any

WORDS = {
    "rotation_degrees": "turned by up to {:g} degrees",
    "horizontal_shift_fraction": "shifted sideways by up to {:.0%}",
    "vertical_shift_fraction": "shifted up or down by up to {:.0%}",
    "zoom_fraction": "enlarged or shrunk by up to {:.0%}",
    "mirrored_fraction": "mirrored in {:.0%} of the epochs",
    "randaugment": "changed by RandAugment of strength {:g}",
    "colorjitter": "changed in colour and brightness (strength {:g})",
    "cutout": "painted over in a square of {:.0%} of the side",
    "mixup": "blended in pairs (mixup, alpha {:g})",
    "cutmix": "pasted into each other (CutMix, alpha {:g})",
}


def augmentation_in_words(options: Mapping[str, Any]) -> str:
    changes = [words.format(options[name]) for name, words in WORDS.items() if options.get(name)]
    scales = options.get("scales") or [1]
    if min(scales) < 1:
        ends = dict.fromkeys(f"{100 * end:.3g}%" for end in (min(scales), max(scales)))
        changes.append(f"shown at {' to '.join(ends)} of its size")
    if not changes:
        return "The pictures were shown as they are, without augmentation."
    return f"Each time a picture was shown it was changed: {', '.join(changes)}."
