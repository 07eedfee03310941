"""Make a sample merchant's workspace: its files, taken in as any merchant's are, and its truth."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from data import workspaces
from data.errors import BadName
from data.sample.files import write_files
from data.sample.make import SEED, make
from data.sample.parameters import Parameters
from data.sample.truth import FACTS, Truth, write_truth
from data.workspaces import Config, Workspace

TRUTH: Final = "truth"
Load = Callable[[Workspace, Mapping[str, Path]], object]

# Where the cost of goods is not known, a share of the net value is assumed.
_MARGINS: Final = {"MY": {}, "ID": {"shopee": 0.38, "tokopedia": 0.38, "tiktok": 0.36}}


def write_sample(
    home: Path,
    load: Load,
    name: str | None = None,
    *,
    kind: str = "sample",
    pure: bool = False,
    seed: int = SEED,
) -> Workspace:
    """Make a sample workspace through the import, and write its truth beside the snapshots.

    Parameters
    ----------
    home : Path
        ``Settings.home``.
    load : callable
        The import: takes the workspace and CSV files by table name, as the command line does.
    name : str, optional
        Of the workspace; by default the kind's own (``sample``, ``sample-id``).
    kind : str
        ``sample`` or ``sample-id``.
    pure : bool
        Leave the season out.
    seed : int

    Returns
    -------
    Workspace
        A workspace made with other parameters before is made anew; making the same again
        changes nothing.

    Raises
    ------
    BadName : there is a workspace of that name that is no sample.
    ValueError : there is no sample of that kind.
    """
    sample = make(kind, seed, pure=pure)
    workspace = _workspace(home, name or kind, sample.parameters, sample.truth)
    with tempfile.TemporaryDirectory(prefix="setia-sample-") as folder:
        load(workspace, write_files(sample.tables, Path(folder)))
    write_truth(sample.truth, workspace.folder(TRUTH))
    return workspace


def _workspace(home: Path, name: str, parameters: Parameters, truth: Truth) -> Workspace:
    made = workspaces.create(home, name, _config(parameters))
    facts = made.path / TRUTH / FACTS
    if facts.is_file() and json.loads(facts.read_text(encoding="utf-8")) != truth.as_json():
        workspaces.delete(made)
        return workspaces.create(home, name, _config(parameters))
    if made.current() is not None and not facts.is_file():
        raise BadName(
            "sample_name_taken",
            "There is a workspace {workspace} with data of its own. Choose another name for the sample.",
            workspace=made.name,
        )
    return made


def _config(parameters: Parameters) -> Config:
    return Config(
        title=parameters.title,
        currency=parameters.currency,
        country=parameters.country,
        time_zone=parameters.time_zone,
        margins=_MARGINS[parameters.country],
    )
