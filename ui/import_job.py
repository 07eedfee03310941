"""An import in a process of its own: its progress is read, and it can be cancelled at any moment."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from data.exports.opening import Answers
from data.settings import settings

ROOT: Final = Path(__file__).resolve().parent.parent


@dataclass
class Job:
    """A running import.

    ``steps`` are (step, table or file) as the command told them; ``told`` the share of the files that are
    done, where there are several; ``sentence`` is what it refused with.
    """

    process: subprocess.Popen[str]
    workspace: str
    tables: tuple[str, ...]
    steps: list[tuple[str, str]] = field(default_factory=list)
    result: dict[str, Any] | None = None
    report: Path | None = None
    sentence: str = ""
    cancelled: bool = False
    told: float = 0.0
    _readers: list[threading.Thread] = field(default_factory=list)

    @property
    def running(self) -> bool:
        """Whether the process still works or its last words are still being read."""
        return self.process.poll() is None or any(r.is_alive() for r in self._readers)

    @property
    def share(self) -> float:
        """Roughly how much is done (0..1): each step counts the same."""
        if not self.steps:
            return 0.02
        step, subject = self.steps[-1]
        done = self.tables.index(subject) / len(self.tables) if subject in self.tables else 1.0
        if self.told and step in ("deciding", "checking", "refusing", "merging"):
            return 0.05 + 0.6 * self.told
        if step in ("deciding", "checking", "refusing", "merging"):
            begun = 0.0 if step == "deciding" else 0.15 + 0.45 * done
            return max(0.05, begun)
        return {"placing": 0.65, "marts": 0.75, "committing": 0.97}.get(step, 0.5)

    def cancel(self) -> None:
        """End the process; the workspace keeps its old snapshot."""
        self.cancelled = True
        if self.process.poll() is None:
            self.process.kill()

    def listen(self) -> None:
        """Read what the process says, in threads, so that it never waits for us."""
        for read in (self._read_progress, self._read_result):
            thread = threading.Thread(target=read, daemon=True)
            thread.start()
            self._readers.append(thread)

    def _read_progress(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            try:
                told = json.loads(line)
            except json.JSONDecodeError:
                self.sentence = line.strip() or self.sentence
                continue
            if "step" in told:
                self.told = max(self.told, float(told.get("share", 0.0)))
                self.steps.append((told["step"], told["subject"]))
            elif "report" in told:
                self.report = Path(told["report"])

    def _read_result(self) -> None:
        assert self.process.stdout is not None
        text = self.process.stdout.read()
        if text.strip():
            self.result = json.loads(text)


def start(
    workspace: str,
    files: Mapping[str, Path],
    mapping: Path,
    language: str,
    country: str,
    exports: Sequence[Path] = (),
    answers: Answers | None = None,
    currency: str = "",
) -> Job:
    """Start an import.

    Parameters
    ----------
    workspace : str
        Made when it is not there.
    files : mapping of table to Path
    mapping : Path
        TOML of what the columns mean.
    language : str
        Of sentences and of the file of refused rows.
    country : str
        ISO 3166 code, for a new workspace.
    exports : sequence of Path
        Files and ZIPs of known systems.
    answers : Answers, optional
        What was said of those that can be read in two ways.
    currency : str
        ISO 4217 code, for a new workspace; "" is its country's.

    Returns
    -------
    Job
    """
    command = [sys.executable, "-m", "data", "import", "--json", "--progress"]
    command += [
        f"--workspace={workspace}",
        f"--mapping={mapping}",
        f"--language={language}",
        f"--country={country}",
    ]
    command += [f"--{table}={path}" for table, path in files.items()]
    command += [f"--export={path}" for path in exports]
    command += [f"--currency={currency}"] if currency else []
    if answers:
        command += [f"--dates={answers.dates}"] if answers.dates else []
        command += [f"--decimal={answers.decimal}"] if answers.decimal else []
    process = subprocess.Popen(  # noqa: S603  a list of arguments, no shell
        command,
        cwd=ROOT,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    job = Job(process, workspace, tuple(files) or ("transactions",))
    job.listen()
    return job


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "SETIA_HOME": str(settings().home), "PYTHONUTF8": "1"}
