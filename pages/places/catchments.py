"""Where do each store's customers come from? Catchments, distance, overlap, attraction, the check."""

from ui import filters, text
from ui.components import (
    attraction,
    catchment_distance,
    catchment_overlap,
    catchments,
    page,
    placed,
    store_check,
    tabs,
    travel,
)

f, t = filters.current(), text.translator()
options = filters.known()

page.header(t("catchments.question"), note=page.data_note(f, t, options.customers if options else None))
if catchments.ready(f, t):
    catchments.headline(f, t)
    parts = {
        "catchment": lambda: catchments.catchment(f, t),
        "distance": lambda: catchment_distance.distance(f, t),
        "overlap": lambda: catchment_overlap.overlap(f, t),
        "attraction": lambda: attraction.attraction(f, t),
        "check": lambda: store_check.check(f, t),
        "travel": lambda: travel.travel(f, t),
    }
    tabs.draw("catchments", parts, t)
    placed.note(f, t)
