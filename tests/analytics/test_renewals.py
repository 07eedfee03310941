"""Who renews from term to term, and how long customers stay without a break."""

from datetime import date

import pandas as pd
import pytest

from analytics import renewals
from analytics.renewals import by_term, counts, left_after, survivors, terms_of_months, terms_of_orders
from analytics.results import frame
from analytics.scope import Scope, facts, matching

FIRST, AS_OF = date(2023, 1, 5), date(2025, 6, 20)
SCOPE = Scope(FIRST, AS_OF)


def terms(marts, term):
    return terms_of_months(matching(marts.customer_month, SCOPE), term)


def in_sets(merchant, term):
    """Customers of each term, by sets."""
    orders = merchant.orders
    bought = orders[orders["is_purchase"] & orders["customer_key"].notna() & (orders["kind"] != "internal")]
    numbers = [renewals.number_of(day, term) for day in bought["day"]]
    return bought.assign(at=numbers).groupby("at")["customer_key"].agg(set).to_dict()


@pytest.mark.parametrize("term", renewals.TERMS)
def test_renewed_lost_new_and_won_back_match_sets_of_customers(marts, merchant, term):
    found = by_term(frame(counts(terms(marts, term))), term, AS_OF)
    sets = in_sets(merchant, term)
    for row in found.itertuples():
        at = renewals.number_of(row.term, term)
        here, after = sets.get(at, set()), sets.get(at + 1, set())
        before = set().union(*(who for n, who in sets.items() if n <= at))
        assert (row.active, row.next_active) == (len(here), len(after))
        assert (row.renewed, row.lost) == (len(here & after), len(here - after))
        assert (row.new, row.won_back) == (len(after - before), len((after & before) - here))
        if here:
            assert row.rate == pytest.approx(len(here & after) / len(here))
            assert row.churn == pytest.approx(1 - row.rate)


@pytest.mark.parametrize("term", renewals.TERMS)
def test_orders_and_months_give_the_same_terms(marts, term):
    history = facts(marts.orders, marts.order_categories, SCOPE, history=True)
    slow = by_term(frame(counts(terms_of_orders(history, term))), term, AS_OF)
    pd.testing.assert_frame_equal(slow, by_term(frame(counts(terms(marts, term))), term, AS_OF))


def test_a_term_is_mature_when_the_next_one_is_over(marts):
    found = by_term(frame(counts(terms(marts, "quarter"))), "quarter", AS_OF)
    # 20 June 2025: the second quarter is not over, so nobody of the first can be called lost.
    assert found[~found["mature"]]["term"].tolist() == [date(2025, 1, 1)]
    assert found["term"].max() == date(2025, 1, 1)


def test_the_customers_behind_the_numbers_are_those_counted(marts):
    table = terms(marts, "quarter")
    row = by_term(frame(counts(table)), "quarter", AS_OF).iloc[-3]
    at = renewals.number_of(row["term"], "quarter")
    assert renewals.renewed_of(table, at).count().to_pyarrow().as_py() == row["renewed"]
    assert renewals.lost_of(table, at).count().to_pyarrow().as_py() == row["lost"]


def test_a_term_nobody_bought_in_is_0_and_has_no_rate():
    found = by_term(pd.DataFrame({"at": [0, 2], "active": [4, 3], "kept": [0, 0], "new": [4, 1]}), "year",
                    date(2003, 6, 1))  # fmt: skip
    assert found["active"].tolist() == [4, 0, 3]
    assert found["renewed"].tolist() == [0, 0, 0]
    assert found["won_back"].tolist() == [0, 2, 0]
    assert found["rate"].tolist()[0] == 0
    assert pd.isna(found["rate"].tolist()[1])
    assert by_term(found.iloc[:0].assign(at=[], kept=[]), "year", AS_OF).empty


@pytest.mark.parametrize("term", ["month", "quarter"])
def test_survivors_bought_in_every_term_since_their_first(marts, merchant, term):
    sets = in_sets(merchant, term)
    first = {}
    for at in sorted(sets):
        for customer in sets[at]:
            first.setdefault(customer, at)
    begin = renewals.number_of(date(2023, 4, 1), term)
    end = renewals.number_of(date(2024, 3, 1), term)
    cohort = [c for c, at in first.items() if begin <= at <= end]
    expected = [
        sum(all(c in sets.get(first[c] + n, set()) for n in range(k + 1)) for c in cohort) for k in range(4)
    ]
    runs = frame(survivors(terms(marts, term), begin, end))
    assert left_after(runs, 3) == expected
    assert expected[0] == len(cohort)


def test_an_unknown_term_is_refused(marts):
    with pytest.raises(ValueError, match="month"):
        terms_of_months(marts.customer_month, "week")


def test_the_number_of_a_term_and_its_day_are_each_others_inverse():
    for term in renewals.TERMS:
        for at in range(290):
            assert renewals.number_of(renewals.day_of(at, term), term) == at
