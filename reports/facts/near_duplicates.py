"""The facts about near-duplicates in words, where many pictures of a data set are alike."""

from datasets.duplicates.near_facts import NearFacts
from reports.words import counted


def many_alike_sentence(facts: NearFacts, dataset: str) -> str:
    """Returns what is said where many pictures are alike: how many, what follows, and how to settle it by hand."""
    total = counted(facts.picture_count, "picture")
    if facts.are_joined:
        said = (
            f"{facts.alike_count:,} of {total} look like another one, but unrelated pictures of this data set do so, "
            f"too: only what is at least {facts.least_likeness:.2f} alike counts as a near-duplicate, "
            f"as {counted(facts.near_count, 'picture')} {'is' if facts.near_count == 1 else 'are'}"
        )
    else:
        said = f"{facts.near_count:,} of {total} have a near-duplicate, which is too many to count: they join nothing"
    return (
        f"{said}. If they show the same, write duplicates = near in [dataset:{dataset}], and if not, duplicates = exact"
    )
