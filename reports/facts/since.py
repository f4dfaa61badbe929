"""What changed since the last report, in words. Made from what the pipeline fixed of that; reads and writes no file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.words import edits_sentence, percent

WITHIN, BEYOND = "could be chance", "more than chance"
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class RunChange:
    """How a run that was in both reports answers now."""

    name: str  # both names where the best run is another one
    was: str
    now: str
    difference: str
    interval: str
    gained: int  # test pictures of the first seed that are named rightly now
    lost: int
    verdict: str


@dataclass(frozen=True)
class Since:
    """What is known of the report before this one."""

    fixed: Mapping[str, Any]  # as the pipeline keeps it in since.json

    @property
    def pictures(self) -> str:
        """The edits from one report to the other as a sentence, empty where there is none."""
        changes = self.fixed["changes"]
        rows = [{"edit": edit, "was": was, "now": now} for edit, was, now, count in changes for _ in range(count)]
        return edits_sentence(rows)

    @property
    def unlisted(self) -> int:
        """How many pictures changed that are not named."""
        return sum(int(count) for *_, count in self.fixed["changes"]) - len(self.fixed["listed"])

    @property
    def runs(self) -> list[RunChange]:
        return [_describe_run(name, run) for name, run in self.fixed["runs"].items()]

    @property
    def best(self) -> RunChange:
        """The best run of each report."""
        then, now = self.fixed["best"]["names"]
        return _describe_run(now if then == now else f"{then}, now {now}", self.fixed["best"])

    @property
    def seed_counts(self) -> tuple[int, int]:
        """How often each recipe was trained then, and now."""
        return len(self.fixed["best"]["was"]), len(self.fixed["best"]["now"])

    @property
    def shared(self) -> tuple[int, int, int]:
        """How many test pictures both have under one label, and how many each has; the same for every run."""
        run = next(iter(self.fixed["runs"].values()))
        return run["shared"], *run["tested"]

    @property
    def test_pictures_differ(self) -> bool:
        return bool(self.fixed["runs"]) and len(set(self.shared)) > 1

    @property
    def has_seeds(self) -> bool:
        return any(len(run[when]) > 1 for run in self.fixed["runs"].values() for when in ("was", "now"))

    @property
    def is_from_elsewhere(self) -> bool:
        """Whether answers differ, though pictures and recipes are as they were."""
        told = ("exported_anew", "changes", "options", "split", "came", "went")
        return not any(self.fixed[what] for what in told) and any(run.gained or run.lost for run in self.runs)


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
    """By the seeds where both reports have several, else by the paired interval."""
    was, now = _comparable(run)
    if len(was) > 1:
        return BEYOND if min(now) > max(was) or max(now) < min(was) else WITHIN
    if not run["shared"]:
        return "no test picture in common"
    if not run["gained"] and not run["lost"]:
        return "the same answers"
    low, high = run["interval"]
    return WITHIN if low <= 0 <= high else BEYOND


def _comparable(run: Mapping[str, Any]) -> tuple[Sequence[float], Sequence[float]]:
    """The accuracies of all seeds, or of the first where one report has more seeds than the other."""
    was, now = run["was"], run["now"]
    return (was, now) if len(was) == len(now) else (was[:1], now[:1])


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _points(share: float) -> str:
    """`+1.3`, in hundredths; the sign of a nought is left out."""
    text = f"{100 * share:+.1f}"
    return "0.0" if text[1:] == "0.0" else text.replace("-", MINUS)
