"""Writes the table of options in docs/settings.md from their declarations.

python -m models.recipes.options_table docs/settings.md
"""

import sys
from pathlib import Path

from datasets.errors import UserError
from models.recipes.declaration import RecipeOption, as_short_text, declared_options
from models.recipes.lookup import DEFAULT_BASE, resolve
from models.recipes.recipe import Recipe

COMMAND = "python -m models.recipes.options_table docs/settings.md"
BEGIN, END = f"<!-- written by `{COMMAND}` -->\n", "<!-- end of what is written -->\n"


def options_table() -> str:
    """Returns the table, a row for each option in the order of their declarations."""
    plain = resolve(DEFAULT_BASE, {}, {})
    rows = [
        f"| `{name}` | {_meaning(option)} | {_values(option)} | {_code(as_short_text(getattr(plain, name)))} |"
        for name, option in declared_options(Recipe).items()
    ]
    return "\n".join([f"| option | meaning | values | `{DEFAULT_BASE}` |", "|---|---|---|---|", *rows]) + "\n"


def with_table(page: str) -> str:
    """Returns the text of a page, with the table between its two markers."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise UserError(f"the page lacks the lines {BEGIN.strip()} and {END.strip()}: put them where the table belongs")
    return before + begin + options_table() + end + after


def _meaning(option: RecipeOption) -> str:
    sentences = [option.meaning]
    if option.needs:
        sentences.append(f"Needs {_code(option.needs)}")
    if option.excludes:
        sentences.append(f"Not with {', '.join(map(_condition, option.excludes))}")
    return ". ".join(sentences)


def _condition(condition: str) -> str:
    default = getattr(Recipe, condition, None)
    return f"{_code(condition)} other than {_code(as_short_text(default))}" if default else _code(condition)


def _values(option: RecipeOption) -> str:
    if callable(option.choices):
        return "a name"
    if option.choices:
        return ", ".join(_code(word) for word in option.choices if word)
    return " to ".join(map(_number, option.range)) if option.range else "text"


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"give the page to write to: {COMMAND}")
    page_path = Path(sys.argv[1])
    page_path.write_text(with_table(page_path.read_text(encoding="utf-8")), encoding="utf-8")
