"""Measuring in alternation, and writing what was found into docs/PERFORMANCE.md."""

from __future__ import annotations

import os
import platform
import re
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

REPORT = Path(__file__).resolve().parents[1] / "docs" / "PERFORMANCE.md"


def peak_mb() -> float:
    """Most memory this process ever held, in MB.

    ``getrusage`` starts from the peak of the process that started this one; Linux keeps this one's own.
    """
    own = Path("/proc/self/status")
    if own.is_file():
        found = re.search(r"VmHWM:\s*(\d+) kB", own.read_text())
        if found:
            return int(found[1]) / 1024
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024


@dataclass(frozen=True)
class Spent:
    """Seconds by the wall clock, and of the processor over all threads of this process."""

    wall: float
    processor: float

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.wall + other.wall, self.processor + other.processor)

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.wall - other.wall, self.processor - other.processor)


NOTHING = Spent(0.0, 0.0)


def now() -> Spent:
    """Both clocks; only differences mean something."""
    return Spent(time.perf_counter(), time.process_time())


def spent(task: Callable[[], object]) -> Spent:
    """What a task costs."""
    start = now()
    task()
    return now() - start


@dataclass(frozen=True)
class Comparison:
    """What Setia and its yardstick cost, round by round."""

    name: str
    ours: Sequence[Spent]
    yardstick: Sequence[Spent]
    aim: float | None = None

    @property
    def ratios(self) -> list[float]:
        """Wall clock of Setia over that of the yardstick, in each round."""
        return [a.wall / b.wall for a, b in zip(self.ours, self.yardstick, strict=True)]

    @property
    def processor_ratio(self) -> float:
        """Median ratio of processor time: other work on the machine moves it least."""
        pairs = zip(self.ours, self.yardstick, strict=True)
        return statistics.median(a.processor / b.processor for a, b in pairs)

    def row(self) -> list[str]:
        """Cells of a report's row; the aim is held against the median ratio of wall clocks."""
        low, middle, high = min(self.ratios), statistics.median(self.ratios), max(self.ratios)
        aim = "–" if self.aim is None else f"{self.aim:g}x {'met' if middle <= self.aim else 'MISSED'}"
        return [
            self.name,
            f"{statistics.median(one.wall for one in self.ours):.2f}",
            f"{statistics.median(one.wall for one in self.yardstick):.2f}",
            f"{low:.2f} / **{middle:.2f}** / {high:.2f}",
            f"{self.processor_ratio:.2f}",
            aim,
        ]


COMPARISON_HEAD = (
    "what",
    "Setia, s",
    "yardstick, s",
    "ratio min / median / max",
    "processor ratio",
    "aim",
)


def alternate(
    name: str,
    ours: Callable[[], Spent],
    yardstick: Callable[[], Spent],
    rounds: int = 3,
    aim: float | None = None,
) -> Comparison:
    """Run two tasks in turn, so that a busy machine slows both; each says what it cost."""
    pairs = []
    for number in range(rounds):
        order = (ours, yardstick) if number % 2 == 0 else (yardstick, ours)
        cost = {task: task() for task in order}
        pairs.append((cost[ours], cost[yardstick]))
    return Comparison(name, [a for a, _ in pairs], [b for _, b in pairs], aim)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    lines = [list(head), *(list(row) for row in rows)]
    rule = ["---"] * len(lines[0])
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [lines[0], rule, *lines[1:]])


def machine() -> str:
    """One line on the machine and the versions, without its name."""
    memory = psutil.virtual_memory().total / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "ibis-framework", "pyarrow"))
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}, "
        f"Python {sys.version.split()[0]}, {packages}; {datetime.now(UTC):%Y-%m-%d}"
    )


def write_section(name: str, title: str, body: str, report: Path = REPORT) -> None:
    """Put a section into the report in place of the one of that name, or at its end."""
    text = report.read_text(encoding="utf-8") if report.is_file() else "# Performance\n"
    begin, end = f"<!-- bench:{name} -->", f"<!-- /bench:{name} -->"
    section = f"{begin}\n## {title}\n\n{body.strip()}\n\nMeasured on {machine()}.\n{end}"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if pattern.search(text):
        text = pattern.sub(lambda _: section, text)
    else:
        text = text.rstrip() + "\n\n" + section + "\n"
    report.write_text(text, encoding="utf-8")
