"""Privacy in three languages: the clock, the files to think of, who is left out, one customer's data."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data import dossier, export_log, withdrawals
from data.workspaces import Workspace
from i18n.translator import translator
from tests.pages.conftest import Open
from tests.wishes import shop_with_wishes, whole_of
from ui.cached import people
from ui.components.audiences_saved import column_in_words


@pytest.fixture
def shop(tmp_path: Path, use_home: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Workspace:
    use_home(tmp_path, monkeypatch)
    return shop_with_wishes(tmp_path)


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_the_page_counts_what_stands_and_what_waits(at_home, shop, open_page: Open, lang: str) -> None:
    for tab in ("clock", "record", "law"):
        app = open_page("data/privacy.py", tab=f"privacy.{tab}", lang=lang)
        assert "{" not in " ".join(each.value for each in app.markdown)


def test_without_consents_the_page_says_what_is_missing(open_page: Open) -> None:
    app = open_page("data/privacy.py")
    assert any("no table of consents" in each.value for each in app.markdown)


def test_a_file_made_before_a_withdrawal_keeps_it_open_until_it_is_ticked_off(shop: Workspace) -> None:
    from ui.cached import privacy

    snapshot = shop.current()
    assert snapshot is not None
    now = datetime.now(UTC)
    found = {w.withdrawal.customer_id: w for w in privacy.wishes("rahsia", snapshot.id) or ()}
    assert set(found) == {"C0003", "C0005", "C0007"}
    assert {who for who, wish in found.items() if wish.is_open(now)} == {"C0003"}
    log = export_log.Export(now - timedelta(days=30), "Gold", "r", ("contact",), 9, "g.csv", "en", "email")
    late = found["C0005"].withdrawal
    assert withdrawals.told(shop, late, [log]) == [log]
    assert late.hours_left(late.at + timedelta(hours=100)) == pytest.approx(-28)
    withdrawals.settle(shop, [found["C0003"].withdrawal])
    again = {w.withdrawal.customer_id: w for w in privacy.wishes("rahsia", snapshot.id) or ()}
    assert not again["C0003"].is_open(now)
    assert "C0003" not in (shop.path / "privacy" / "settled.json").read_text()


def test_who_will_not_be_profiled_is_in_totals_and_in_no_list(shop: Workspace) -> None:
    from ui.cached import audiences, segments
    from ui.cached.people import SCORING, Wanted

    key = whole_of(shop)
    everyone = people.per_customer(*key).count().to_pyarrow().as_py()
    assert people.unprofiled_count(*key[:2]) == 1
    assert people.count(*key, Wanted()) == everyone - 1
    assert "C0007" not in set(people.whole_list(*key, Wanted(), ["customer_id"])["customer_id"])
    assert segments.rfm_heat(*key, SCORING, None)["customers"].sum() == everyone - 1
    assert int(segments.groups(*key)["customers"].sum()) == everyone
    members = audiences.Members(audiences.EVERYBODY)
    rows = audiences.export_rows(*key[:2], members, ("customer_id",), "", names=False)
    assert "C0007" not in set(rows["customer_id"])
    assert "C0008" in set(rows["customer_id"])


def test_one_customers_data_come_as_a_file_with_everything(shop: Workspace) -> None:
    with zipfile.ZipFile(io.BytesIO(dossier.dossier(shop, "C0003"))) as archive:
        names = set(archive.namelist())
        assert {"customers.csv", "consents.csv", "transactions.csv", "everything.json"} <= names
        assert "c3@example.com" in archive.read("customers.csv").decode("utf-8-sig")
        assert not any(b"C0004" in archive.read(name) for name in names)


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_the_page_of_one_customer_offers_their_data(open_page: Open, lang: str) -> None:
    app = open_page("customers/customer.py", tab="customer.data", lang=lang)
    assert app.button(key="customer.erase")
    t = translator(lang)
    assert column_in_words("everything", "", t) == t("audiences.export.column.everything")
