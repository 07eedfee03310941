"""Where do we reach them? Places for advertising, the most of a target for a budget."""

from ui import filters, text
from ui.components import ads, page, placed, territories

f, t = filters.current(), text.translator()
options = filters.known()

page.header(t("ads.question"), note=page.data_note(f, t, options.customers if options else None))
if territories.ready(f, t):
    ads.draw(f, t)
    placed.note(f, t)
