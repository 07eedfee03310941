"""Areas like the best ones: how sure that is, where they are, what they have in common."""

from __future__ import annotations

import streamlit as st

from geo.lookalike_areas import LEAST_AREAS, LEAST_BEST, AreaModel
from geo.lookalike_areas_methods import NEIGHBOURS
from i18n.translator import Translator
from ui.cached import boundaries
from ui.cached import lookalike_areas as cached
from ui.cached.boundaries import TOWNS, Level
from ui.cached.lookalike_areas import Answer, Asked, Unit
from ui.components import cards, empty, lookalike_areas_map
from ui.components.cards import Card
from ui.components.inputs import choice, pick
from ui.components.lookalike_words import ICONS, area_feature, area_value
from ui.components.regions import level_title
from ui.components.working import working
from ui.filters import Filters
from ui.text import plain

KM: dict[int, int] = {9: 80, 10: 40, 11: 20}
BY = ("place", "own")
TOLD = 3


def draw(f: Filters, t: Translator) -> None:
    """The whole tab."""
    st.caption(t("lookalikes.areas.explained"))
    if empty.no_places(f, t("lookalikes.areas.would_show"), "lookalikes-areas", t):
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        unit = _unit(f, t)
        measure = _measure(f, t)
        by = choice(
            t("lookalikes.areas.by"),
            BY,
            "lookalikes.by",
            lambda code: t(f"lookalikes.areas.by_{code}"),
            hidden=False,
        )
    picked = _picked(unit, f, t) if measure == "picked" else ()
    with working(t("lookalikes.areas.working"), "lookalikes-areas", t) as progress:
        found = cached.answer(*f.key, f.windows, Asked(unit, measure, by, picked), progress)
    made = found.made
    st.markdown(f"{ICONS[made.word]} **{t(f'lookalikes.word.{made.word}')}** · {_reason(made, t)}")
    if made.word == "do_not_use":
        st.markdown(t("lookalikes.areas.advice"))
    if made.auc is not None:
        _cards(found, t)
        st.markdown(plain(_differences(found, f, t), 500))
    lookalike_areas_map.draw(found, unit, measure, f, t)
    if unit.level is not None and unit.level.kind == TOWNS:
        st.caption(t("regions.approximate"))
    for note in _notes(found, measure, by, t):
        st.caption(plain(note, 400))


def _unit(f: Filters, t: Translator) -> Unit:
    """Cells of three sizes, the states, or a level of the workspace."""
    levels = {level.key: level for level in boundaries.levels(f.workspace)}
    offered = [*(f"cells.{zoom}" for zoom in cached.LEVELS), *(f"level.{key}" for key in levels)]
    code = pick(
        t("lookalikes.areas.unit"),
        offered,
        "lookalikes.areas.unit",
        lambda name: _unit_name(name, levels, t),
        start="cells.10",
        hidden=False,
        width=260,
    )
    kind, _, name = code.partition(".")
    return Unit(zoom=int(name)) if kind == "cells" else Unit(level=levels[name])


def _unit_name(code: str, levels: dict[str, Level], t: Translator) -> str:
    kind, _, name = code.partition(".")
    if kind == "cells":
        return t("lookalikes.areas.unit_cells", km=t.number(KM[int(name)]))
    return level_title(levels[name], t)


def _measure(f: Filters, t: Translator) -> str:
    offered = cached.measures(f.workspace, f.snapshot, f.scope.currency)
    chosen = pick(
        t("lookalikes.areas.measure"),
        offered,
        "lookalikes.areas.measure",
        lambda code: t(f"lookalikes.areas.measures.{code}"),
        start="customers",
        hidden=False,
        width=260,
    )
    return str(chosen)


def _picked(unit: Unit, f: Filters, t: Translator) -> tuple[str, ...]:
    """The areas somebody chooses, those with most customers first."""
    known = cached.areas(*f.key, f.windows, unit).sort_values("customers", ascending=False, kind="stable")
    known = known[known["customers"] >= cached.LEAST_CUSTOMERS]
    counts = known["name"].value_counts()
    names = {
        area: f"{name} ({t.number(n)})" if counts[name] > 1 else str(name)
        for area, name, n in zip(known.index, known["name"], known["customers"], strict=True)
    }
    chosen = st.multiselect(
        t("lookalikes.areas.picked"),
        list(names),
        format_func=lambda area: names[area],
        key=f"lookalikes.areas.picked.{unit.zoom or (unit.level.key if unit.level else '')}",
        placeholder=t("filters.search"),
    )
    if len(chosen) < LEAST_BEST:
        st.info(t("lookalikes.areas.picked_hint", n=t.number(LEAST_BEST)), icon=":material/touch_app:")
    return tuple(sorted(chosen))


def _reason(made: AreaModel, t: Translator) -> str:
    key = f"lookalikes.areas.{made.reason}"
    if made.auc is None:
        return t(
            key,
            found=t.number(made.areas if made.reason == "few_areas" else int(made.best.sum())),
            needed=t.number(LEAST_AREAS if made.reason == "few_areas" else LEAST_BEST),
            least=t.number(cached.LEAST_CUSTOMERS),
        )
    return t(
        key,
        auc=t.number(100 * made.auc.value),
        low=t.number(100 * made.auc.low),
        high=t.number(100 * made.auc.high),
        nearby=t.number(None if made.nearby is None else 100 * made.nearby),
    )


def _cards(found: Answer, t: Translator) -> None:
    made, key = found.made, "lookalikes.areas.card"
    assert made.auc is not None
    usable = made.word != "do_not_use"
    alike = int(found.table["alike"].sum())
    best = t.number(int(made.best.sum()))
    low, high = t.percent(made.auc.low, 0), t.percent(made.auc.high, 0)
    compared = t(f"{key}.found.reason", n=t.number(len(found.table)))
    rows = (
        ("areas", t.number(made.areas), t(f"{key}.areas.reason", n=best)),
        ("auc", t.percent(made.auc.value, 0), t(f"{key}.auc.reason", low=low, high=high)),
        ("nearby", t.percent(made.nearby, 0), t(f"{key}.nearby.reason")),
        (
            "lift",
            t("lookalikes.customers.card.lift.value", value=t.number(made.lift, 1)),
            t(f"{key}.lift.reason"),
        ),
        (
            "found",
            t.number(alike if usable else None),
            compared if usable else t("lookalikes.word.do_not_use"),
        ),
    )
    cards.kpi_row(
        [
            Card(t(f"{key}.{name}.name"), value, t(f"{key}.{name}.definition"), reason=reason)
            for name, value, reason in rows
        ],
        t,
    )


def _differences(found: Answer, f: Filters, t: Translator) -> str:
    """In what the best areas differ from the others more than chance, the strongest first."""
    judged = found.table[found.table["measure"].notna() | found.table["best"]]
    middle = judged.groupby("best")[list(found.features)].median()
    certain = [
        (abs(weight.value), name)
        for name, weight in zip(found.features, found.made.weights, strict=True)
        if weight.low > 0 or weight.high < 0
    ]
    said = []
    for _, name in sorted(certain, reverse=True)[:TOLD]:
        best, others = (area_value(name, float(middle[name][side]), f.currency, t) for side in (True, False))
        said.append(t("lookalikes.areas.difference", feature=area_feature(name, t), best=best, others=others))
    if not said:
        return t("lookalikes.areas.no_difference_told")
    return t("lookalikes.areas.differences", features="; ".join(said))


def _notes(found: Answer, measure: str, by: str, t: Translator) -> list[str]:
    """How it was chosen, what was left out, how far places can be trusted."""
    made, notes = found.made, []
    if made.auc is not None:
        chosen = t(
            f"lookalikes.areas.method.{made.method}",
            features=t.number(len(found.features)),
            blocks=t.number(made.blocks),
            n=t.number(NEIGHBOURS),
        )
        if made.explained is not None and made.explained > 0:
            chosen += " " + t("lookalikes.areas.explained_share", share=t.percent(made.explained, 0))
        notes += [t("lookalikes.areas.tested", blocks=t.number(made.blocks)), chosen]
    if by == "own":
        dropped = [area_feature(name, t) for name in cached.left_out(measure)]
        if dropped:
            notes.append(t("lookalikes.areas.dropped", features=", ".join(dropped)))
    help_text = t("lookalikes.areas.by_help", n=t.number(cached.LEAST_CUSTOMERS))
    return [*notes, help_text, t("lookalikes.areas.precision")]
