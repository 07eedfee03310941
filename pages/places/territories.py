"""Who looks after which area? Fair territories in one piece, and customers far from every store."""

from ui import filters, text
from ui.components import page, placed, service_gaps, tabs, territories

f, t = filters.current(), text.translator()
options = filters.known()

page.header(t("territories.question"), note=page.data_note(f, t, options.customers if options else None))
if territories.ready(f, t):
    parts = {"territories": lambda: territories.draw(f, t), "gaps": lambda: service_gaps.draw(f, t)}
    tabs.draw("territories", parts, t)
    placed.note(f, t)
