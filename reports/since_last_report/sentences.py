"""The words of the page on what changed since the last report, made from the values of since.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.words import edits_sentence, percent

WITHIN, BEYOND = "could be chance", "more than chance"
OF_ONE_SEED = "more than chance for these two models; other seeds may not show it"
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class RunChange:
    """The answers of a run that both reports have, then and now."""

    name: str  # both names if another run is the best now
    was: str
    now: str
    difference: str
    interval: str
    gained: int  # test pictures of the first seed that are named rightly now
    lost: int
    verdict: str


@dataclass(frozen=True)
class SinceLastReport:
    """The differences from the last report, ready for the page."""

    fixed: Mapping[str, Any]  # the values of since.json

    @property
    def pictures(self) -> str:
        """The edits from one report to the other as a sentence; empty without edits."""
        changes = self.fixed["changes"]
        rows = [{"edit": edit, "was": was, "now": now} for edit, was, now, count in changes for _ in range(count)]
        return edits_sentence(rows)

    @property
    def unlisted(self) -> int:
        """The number of changed pictures that are not listed."""
        return sum(int(count) for *_, count in self.fixed["changes"]) - len(self.fixed["listed"])

    @property
    def runs(self) -> list[RunChange]:
        """The runs that both reports have."""
        return [_describe_run(name, run) for name, run in self.fixed["runs"].items()]

    @property
    def best(self) -> RunChange:
        """The best run of each report."""
        then, now = self.fixed["best"]["names"]
        return _describe_run(now if then == now else f"{then}, now {now}", self.fixed["best"])

    @property
    def seed_counts(self) -> tuple[int, int]:
        """The number of trainings of each recipe, then and now."""
        return len(self.fixed["best"]["was"]), len(self.fixed["best"]["now"])

    @property
    def shared(self) -> tuple[int, int, int]:
        """The numbers of test pictures: those in both reports under one label, and all of each; equal for every run."""
        run = next(iter(self.fixed["runs"].values()))
        return run["shared"], *run["tested"]

    @property
    def test_pictures_differ(self) -> bool:
        """Tells whether some test pictures are in only one of the reports."""
        return bool(self.fixed["runs"]) and len(set(self.shared)) > 1

    @property
    def is_from_elsewhere(self) -> bool:
        """Tells whether answers differ although pictures and recipes are as they were."""
        causes = ("exported_anew", "changes", "options", "split", "came", "went")
        return not any(self.fixed[what] for what in causes) and any(run.gained or run.lost for run in self.runs)


def _describe_run(name: str, run: Mapping[str, Any]) -> RunChange:
    was, now = map(_mean, _comparable(run))
    low, high = run["interval"]
    return RunChange(
        name=name,
        was=percent(was),
        now=percent(now),
        difference=_points(now - was),
        interval=f"{_points(low)} to {_points(high)}" if run["shared"] else "",
        gained=run["gained"],
        lost=run["lost"],
        verdict=_judge(run),
    )


def _judge(run: Mapping[str, Any]) -> str:
    """Returns a verdict by the interval; that of one seed cannot know what another seed would do."""
    if not run["shared"]:
        return "no test picture in common"
    if run["is_same"]:
        return "the same answers"
    low, high = run["interval"]
    if low <= 0 <= high:
        return WITHIN
    return BEYOND if len(_comparable(run)[0]) > 1 else OF_ONE_SEED


def _comparable(run: Mapping[str, Any]) -> tuple[Sequence[float], Sequence[float]]:
    """Returns the accuracies of all seeds, or of the first ones if one of the reports has a single seed."""
    was, now = run["was"], run["now"]
    return (was, now) if min(len(was), len(now)) > 1 else (was[:1], now[:1])


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _points(share: float) -> str:
    """Returns a share in percentage points, as `+1.3`; zero has no sign."""
    text = f"{100 * share:+.1f}"
    return "0.0" if text[1:] == "0.0" else text.replace("-", MINUS)
