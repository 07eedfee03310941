"""Where do our customers live? Cells, regions, new against existing, and the summary of any place."""

from ui import filters, text
from ui.cached import places
from ui.components import customer_map, empty, page

current = filters.current()
t = text.translator()
options = filters.known()

extent = places.extent(current.workspace, current.snapshot)
placing = places.placing(*current.key, current.windows)

page.header(t("map.question"), note=page.data_note(current, t, options.customers if options else None))
if extent is None:
    empty.missing_table(
        t("map.empty.title"), would_show=t("map.empty.would_show"), missing=t("map.empty.missing"), key="map"
    )
elif placing.placed == 0:
    empty.nothing_left(current, t)
else:
    customer_map.draw(current, extent)
