"""A fixed list saved before two ids were merged still holds the person; a no under any id is theirs."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from analytics.results import frame
from data import audiences, workspaces
from data.dossier import dossier
from tests.conftest import build_workspace
from tests.data.people.test_people_in_marts import SITI, now, tables
from ui.cached import audiences as cached

UseHome = Callable[[Path, pytest.MonkeyPatch], Path]
DAYS = (date(2026, 11, 1), date(2026, 1, 6))


def test_a_list_saved_under_ids_that_were_merged_since_holds_the_person(
    tmp_path: Path, use_home: UseHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = build_workspace(tmp_path, "kedai", tables(merged=False))
    use_home(tmp_path, monkeypatch)
    saved = audiences.save_list(workspace, "Raya", SITI[1:], words="w", days=DAYS)
    before = now(workspace).id
    alone = frame(cached.members_of(saved).profiles("kedai", before, ()))
    assert sorted(alone["customer_id"]) == sorted(SITI[1:])
    build_workspace(tmp_path, "kedai", tables())
    merged = frame(cached.members_of(saved).profiles("kedai", now(workspace).id, ("reachable_whatsapp",)))
    assert merged["customer_id"].tolist() == ["C0007"]
    assert not merged["reachable_whatsapp"][0], "the no was said under another id of hers"
    with zipfile.ZipFile(io.BytesIO(dossier(workspaces.open_workspace(tmp_path, "kedai"), "C0007"))) as found:
        held = json.loads(found.read("everything.json"))
    assert [each["audience"] for each in held["audiences"]] == ["Raya"]
