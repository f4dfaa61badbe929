"""The section `Model cards`."""

from reports.content import Page
from reports.facts.model_card import read_model_card
from reports.section import Section, Template, fill


class ModelCards(Section):
    """A card for the model of each run; the same cards lie beside the page as Markdown."""

    title = "Model cards"

    def render(self, page: Page) -> Template:
        """Returns the cards of all runs."""
        return fill("model_cards.html", cards=[read_model_card(run, page) for run in page.runs])
