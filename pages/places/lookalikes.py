"""Where are more customers like our best? Look-alike customers and look-alike areas."""

from ui import filters, text
from ui.components import lookalike_areas, lookalike_customers, page, placed, tabs

t, f = text.translator(), filters.current()
options = filters.known()

page.header(t("lookalikes.question"), note=page.data_note(f, t, options.customers if options else None))
blocks = {"customers": lookalike_customers.draw, "areas": lookalike_areas.draw}
tabs.draw("lookalikes", {name: lambda block=block: block(f, t) for name, block in blocks.items()}, t)
placed.note(f, t)
