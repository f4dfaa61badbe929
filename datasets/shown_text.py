"""The text as a terminal, a table and a page can show it: signs that steer them are written out."""

import re

# Control characters, line and paragraph separators, and the signs that turn the direction of what follows.
STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def shown(text: str) -> str:
    """Returns the text with steering signs written as Python writes them; line ends stay."""
    return STEERING.sub(lambda match: match[0] if match[0] == "\n" else repr(match[0])[1:-1], text)
