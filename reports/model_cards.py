"""The card of each run's model as Markdown, to be kept beside the model. Writes model-card-RECIPE.md."""

import re
from pathlib import Path

from reports.content import Page
from reports.facts.model_card import ModelCard, read_model_card


def write_model_cards(content: Page, folder: Path) -> None:
    for run in content.runs:
        target = folder / f"model-card-{run.name}.md"
        target.write_text(as_markdown(read_model_card(run, content)), encoding="utf-8")


def as_markdown(card: ModelCard) -> str:
    parts = (
        f"## {heading}\n\n" + "".join(f"- {_escape(sentence)}\n" for sentence in sentences)
        for heading, sentences in card.parts.items()
    )
    loading = f"## How to load it\n\n```python\n{card.loading}\n```\n"
    return "\n".join([f"# Model card: {_escape(card.name)}\n", *parts, loading])


def _escape(text: str) -> str:
    """Names of classes are no Markdown and no HTML, whatever they hold."""
    return re.sub(r"([\\`*_\[\]<>])", r"\\\1", text)
