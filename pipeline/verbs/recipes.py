"""Lists every recipe with its parameters and purpose, or the options and layers of one."""

from collections.abc import Sequence

from datasets.errors import UserError
from pipeline.engine.typed_command import typed_program
from pipeline.terminal.recipes_in_words import recipe_in_words, recipes_in_words
from pipeline.terminal.verb_arguments import WORKSPACE, Operands, Verb, VerbOption, arguments_of

VERB = Verb(
    "recipes",
    "list every recipe, its parameters and what it is for; of one recipe, its options and layers",
    example="recipes three-a --dataset cifar10",
    operands=Operands("[RECIPE]", "the recipe to show; without it, all are listed", least=0),
    options=(VerbOption("--dataset", "NAME", "show the recipe's network for this data set"), WORKSPACE),
)


def run(arguments: Sequence[str]) -> int:
    """Prints the list, or the recipe that is named; only the latter builds a network."""
    with arguments_of(VERB, arguments) as given:
        if given.dataset and not given.operands:
            raise UserError(
                f"name a recipe to see it for {given.dataset}, "
                f"as in `{typed_program()} recipes plain --dataset {given.dataset}`"
            )
        lines = recipe_in_words(given.operands[0], given.dataset) if given.operands else recipes_in_words()
    print("\n".join(lines))
    return 0
