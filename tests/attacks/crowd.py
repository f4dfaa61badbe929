"""A crowd of eight processes that build and tidy while a person moves pictures: all end well, and on the same."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from conftest import Project
from verb_runs import label_counts, run_verb

import pipeline
from attacks.deeds import build
from attacks.forked import DONE, TOLD, run_forked
from attacks.points import contents

PROCESSES = 8
ACTS = (
    lambda project: build(project, pipeline.PackImages),
    lambda project: build(project, pipeline.SplitImages),
    lambda project: run_verb(project, "tidy", "--yes"),
    lambda project: run_verb(project, "status", "PackImages", "--dataset", "tiny"),
    lambda project: run_verb(project, "prune", "--yes"),
)


def attack(project: Project, rounds: int, seed: int = 0) -> Iterator[str | None]:
    """Yields for each round what went wrong, or None."""
    build(project, pipeline.IndexImages)
    dice = random.Random(seed)
    before = contents(project)
    for _ in range(rounds):
        with ThreadPoolExecutor(PROCESSES) as crowd:
            acts = [dice.choice(ACTS) for _ in range(PROCESSES)]
            ends = [crowd.submit(run_forked, lambda act=act: act(project)) for act in acts]  # type: ignore[misc]
            for _ in range(6):
                _move(project, dice)
            faults = [end.result().text for end in ends if end.result().how not in (DONE, TOLD)]
        yield "; ".join(faults) or _unsettled(project) or (None if contents(project) == before else "pictures are lost")


def _move(project: Project, dice: random.Random) -> None:
    """Moves a picture to another class, as a person does who does not know of the crowd."""
    picture = dice.choice(sorted(project.images.rglob("*.png")))
    target = project.images / picture.parent.parent.name / dice.choice(("cat", "dog", "frog")) / picture.name
    if not target.exists() and picture.exists():
        picture.rename(target)


def _unsettled(project: Project) -> str:
    """Returns what is wrong once the crowd has gone: another build must end, and then have nothing to do."""
    end = run_forked(lambda: build(project, pipeline.PackImages))
    if end.how == TOLD and "contradict" in end.text:
        return ""
    if end.how != DONE:
        return f"afterwards: {end.how}: {end.text}"
    labels = label_counts(project)
    return "" if labels == label_counts(project) else "two looks at the same folders differ"
