"""The command line: sample, import, suggest, status, rollback, forget.

This module puts the parts together: it hands geography's placing and the translator to the import.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from data import snapshots, workspaces
from data.errors import DataError
from data.exports.opening import Answers
from data.importing import mapping as mappings
from data.importing.defaults import new_config
from data.importing.places import Placing
from data.importing.preview import preview
from data.importing.refusals import mapping_needed
from data.importing.run import Outcome, Request, run
from data.schema import TABLES
from data.settings import settings
from data.workspaces import Config, Workspace
from i18n.numbers import LANGUAGES
from i18n.translator import Translator, translator

REFUSED: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.

    Returns
    -------
    int
        0 when something was loaded or nothing was new; 2 when it was refused, with one sentence on stderr.
    """
    given = command_parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], None] = given.run
    try:
        command(given)
    except DataError as error:
        print(sentence(error, translator(given.language)), file=sys.stderr)
        return REFUSED
    return 0


def sentence(error: DataError, t: Translator) -> str:
    """A data error in the reader's language; the English sentence where nobody has written it."""
    key = f"errors.{error.code}"
    if t.lang == "en" or not t.has(key):
        return str(error)
    try:
        return t(key, **error.fields)
    except (KeyError, IndexError):
        return str(error)


def placing() -> Placing:
    """Geography's functions with the reference data that ships with Setia."""
    from data.reference import loader
    from geo import placing as geo
    from geo.gazetteer import Gazetteer

    gazetteer = Gazetteer(**loader.gazetteer_frames())
    return Placing(
        customers=lambda frame, country: geo.place(frame, gazetteer, country),
        stores=lambda frame: geo.place_stores(frame, gazetteer),
        unplaced=geo.unplaced,
    )


def _import(given: argparse.Namespace) -> None:
    files = {table: Path(getattr(given, table)) for table in TABLES if getattr(given, table)}
    if not files and not given.exports:
        raise mapping_needed("import_no_files", known=" ".join(f"--{t}" for t in ("export", *TABLES)))
    t = translator(given.language)
    request = Request(
        files=files,
        mappings=mappings.read(Path(given.mapping)) if given.mapping else {},
        words=t,
        placing=_lazily(placing),
        progress=_tell if given.progress else lambda step, subject, share: None,
        exports=[Path(path) for path in given.exports],
        answers=Answers(given.dates, given.decimal),
    )
    outcome = run(settings(), given.workspace, request, _config(given))
    if given.progress:
        _say({"report": str(outcome.report)})
    print(json.dumps(outcome.as_json(), ensure_ascii=False) if given.json else _summary(outcome, t))


def _sample(given: argparse.Namespace) -> None:
    from data.sample.parameters import KINDS
    from data.sample.write import write_sample

    chosen, t = settings(), translator(given.language)
    if given.first_start and any(made.current() for made in workspaces.list_workspaces(chosen.home)):
        return
    places = _lazily(placing)

    def load(workspace: Workspace, files: Mapping[str, Path]) -> Outcome:
        return run(chosen, workspace.name, Request(files=files, mappings={}, words=t, placing=places))

    kinds = [given.kind] if given.kind else [next(iter(KINDS))] if given.workspace else list(KINDS)
    for kind in kinds:
        made = write_sample(chosen.home, load, given.workspace, kind=kind, pure=given.pure)
        print(f"{made.name}: {made.title}")


def _suggest(given: argparse.Namespace) -> None:
    known = mappings.read(Path(given.mapping)).get(given.table) if given.mapping else None
    folder, config = _remembered(given)
    seen = preview(settings(), Path(given.file), given.table, known, folder, config)
    if seen.question is not None:
        code, fields, _ = seen.question
        raise mapping_needed(code, **fields)
    text = mappings.to_toml({given.table: seen.mapping})
    if not given.json:
        print(f"# {seen.mapping.known_as}\n{text}" if seen.mapping.known_as else text, end="")
        return
    facts = {
        "table": given.table,
        "mapping": text,
        "known_as": seen.mapping.known_as,
        "columns": dict(seen.mapping.columns),
        "decided": seen.decided,
        "header": list(seen.header),
        "records": seen.records,
    }
    print(json.dumps(facts, ensure_ascii=False))


def _status(given: argparse.Namespace) -> None:
    workspace = workspaces.open_workspace(settings().home, given.workspace)
    facts = _facts(workspace)
    if given.json:
        print(json.dumps(facts, ensure_ascii=False))
        return
    print(f"{workspace.name}: {workspace.title} ({workspace.config.currency}, {workspace.config.country})")
    if facts["first_day"]:
        print(f"  {facts['first_day']} to {facts['as_of']}")
    for table, rows in facts["tables"].items():
        print(f"  {table:<14}{rows:>12,}")
    for snapshot in facts["snapshots"]:
        mark = "*" if snapshot["current"] else " "
        print(f"{mark} {snapshot['id']}  {snapshot['made_at']}")


def _facts(workspace: Workspace) -> dict[str, Any]:
    current = workspace.current()
    manifest = current.manifest if current else {}
    return {
        "workspace": workspace.name,
        "title": workspace.title,
        "snapshot": current.id if current else None,
        "tables": manifest.get("rows", {}),
        "first_day": manifest.get("first_day"),
        "as_of": manifest.get("as_of"),
        "currencies": manifest.get("currencies", []),
        "snapshots": [
            {
                "id": s.id,
                "made_at": s.manifest.get("made_at"),
                "current": current is not None and s.id == current.id,
            }
            for s in workspace.snapshots()
        ],
    }


def _rollback(given: argparse.Namespace) -> None:
    workspace = workspaces.open_workspace(settings().home, given.workspace)
    with workspace.lock():
        snapshot = snapshots.rollback(workspace.path, given.to)
    print(f"{workspace.name}: {snapshot.id}")


def _forget(given: argparse.Namespace) -> None:
    workspace = workspaces.open_workspace(settings().home, given.workspace)
    workspaces.delete(workspace)
    print(f"{workspace.name} is deleted, with its files and snapshots.")


def _remembered(given: argparse.Namespace) -> tuple[Path, Config]:
    """The mappings and the configuration of the workspace, where one is named."""
    if not given.workspace:
        return settings().home / ".no-mappings", Config()
    workspace = workspaces.open_workspace(settings().home, given.workspace)
    return workspace.path / "mappings", workspace.config


def _config(given: argparse.Namespace) -> Config:
    return new_config(given.workspace, given.country, given.currency or "", given.time_zone or "")


def _lazily(make: Callable[[], Placing]) -> Placing:
    """Placing that loads its reference data when a customer or store is there to be placed."""
    made: list[Placing] = []

    def get() -> Placing:
        if not made:
            made.append(make())
        return made[0]

    return Placing(
        customers=lambda frame, country: get().customers(frame, country),
        stores=lambda frame: get().stores(frame),
        unplaced=lambda frame, placed: get().unplaced(frame, placed),
    )


def _tell(step: str, subject: str, share: float) -> None:
    _say({"step": step, "subject": subject, "share": share})


def _say(facts: dict[str, Any]) -> None:
    print(json.dumps(facts), file=sys.stderr, flush=True)


def _summary(outcome: Outcome, t: Translator) -> str:
    lines = [outcome.snapshot if outcome.changed else t("import.nothing_new", snapshot=outcome.snapshot)]
    for table, report in outcome.tables.items():
        counts = {name: t.number(n) for name, n in report.counts.items()}
        lines.append(t("import.summary", table=t(f"codes.table.{table}"), **counts))
        lines += [
            "  " + t("import.summary_money", money=t.money(m, c or ""))
            for c, m in report.refused_money.items()
            if m
        ]
    if outcome.rejects:
        lines.append("  " + t("import.summary_rejects", file=str(outcome.rejects)))
    return "\n".join(lines)


def command_parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    parser = argparse.ArgumentParser(prog="python -m data", description="Get data into Setia and keep it.")
    parser.set_defaults(language=_language())
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    sample = _command(commands, "sample", _sample, "make the sample workspaces")
    sample.add_argument("--workspace", help="make one sample under this name (default: both samples)")
    sample.add_argument(
        "--kind", choices=("sample", "sample-id"), help="which sample (default: both, or the first)"
    )
    sample.add_argument(
        "--first-start", action="store_true", help="do nothing where a workspace already holds data"
    )
    sample.add_argument("--pure", action="store_true", help="leave the season out")

    taken = _command(commands, "import", _import, "import files into a workspace")
    taken.add_argument("--workspace", required=True)
    for table in TABLES.values():
        taken.add_argument(f"--{table.name}", metavar="FILE", help=table.description)
    taken.add_argument(
        "--export",
        action="append",
        default=[],
        dest="exports",
        metavar="FILE",
        help="a file, folder or ZIP of a known system (Shopee, TikTok Shop, Lazada ...); may be repeated",
    )
    taken.add_argument(
        "--dates", default="", choices=("dmy", "mdy", "ymd"), help="of exports that do not say"
    )
    taken.add_argument("--decimal", default="", choices=(".", ","), help="of exports that do not say")
    taken.add_argument("--mapping", metavar="FILE.toml", help="what the columns mean; see `suggest`")
    taken.add_argument("--country", default="MY", help="of a new workspace (ISO 3166, default MY)")
    taken.add_argument("--currency", help="of a new workspace (ISO 4217, default that of the country)")
    taken.add_argument("--time-zone", help="of a new workspace (default that of the country)")
    taken.add_argument("--json", action="store_true", help="print one JSON object")
    taken.add_argument("--progress", action="store_true", help="tell every step on stderr, as JSON lines")

    suggest = _command(commands, "suggest", _suggest, "print the mapping that would be used, as TOML")
    suggest.add_argument("file", metavar="FILE")
    suggest.add_argument("--table", default="transactions", choices=sorted(TABLES))
    suggest.add_argument("--workspace", help="use what this workspace remembers")
    suggest.add_argument("--mapping", metavar="FILE.toml", help="start from this mapping")
    suggest.add_argument("--json", action="store_true")

    status = _command(commands, "status", _status, "tables, span and snapshots of a workspace")
    status.add_argument("--workspace", required=True)
    status.add_argument("--json", action="store_true")

    rollback = _command(commands, "rollback", _rollback, "make an earlier snapshot current again")
    rollback.add_argument("--workspace", required=True)
    rollback.add_argument("--to", required=True, metavar="SNAPSHOT")

    forget = _command(commands, "forget", _forget, "delete a workspace for good")
    forget.add_argument("--workspace", required=True)
    forget.add_argument("--all", action="store_true", required=True, help="yes, everything")
    return parser


def _command(
    commands: Any, name: str, work: Callable[[argparse.Namespace], None], words: str
) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(
        name, help=words, description=words.capitalize() + "."
    )
    made.set_defaults(run=work)
    made.add_argument("--language", choices=LANGUAGES, default=_language(), help="of sentences and reports")
    return made


def _language() -> str:
    wanted = os.environ.get("SETIA_LANGUAGE", "en")
    return wanted if wanted in LANGUAGES else "en"


if __name__ == "__main__":
    sys.exit(main())
