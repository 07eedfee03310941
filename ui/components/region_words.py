"""Figures of regions in the reader's words: what they rest on, and how far they can be trusted."""

from __future__ import annotations

from geo.region_metrics import METRICS
from i18n.translator import Translator
from ui.cached import population
from ui.cached.population import Base


def basis(metric: str, brought: tuple[Base, ...], t: Translator) -> str:
    """What a figure rests on: "2024" of the user's own figure, "Households 2024" of one made with it."""
    figures = population.behind(brought, METRICS[metric].brought)
    if figures is None:
        return ""
    year = str(figures.year)
    return year if figures.measure == metric else f"{t(f'figures.measure.{figures.measure}')} {year}"


def figure(metric: str, brought: tuple[Base, ...], t: Translator) -> str:
    """The name of a figure with what it rests on."""
    name, of = t(f"regions.metric.{metric}"), basis(metric, brought, t)
    return f"{name} ({of})" if of else name


def source(metric: str, brought: tuple[Base, ...], t: Translator) -> str:
    """The sentence that says whose figures a metric rests on; empty for what is the merchant's own."""
    figures = population.behind(brought, METRICS[metric].brought)
    if figures is None:
        return ""
    return t(
        "regions.brought",
        measure=t(f"figures.measure.{figures.measure}"),
        year=str(figures.year),
        source=figures.source or t("regions.no_source"),
    )
