"""Where should the next store stand? Brief, longlist, answer, comparison, closing, decisions."""

from ui import filters, text
from ui.components import page, placed, sites

t, f = text.translator(), filters.current()
made = sites.model(f)

page.header(t("sites.question"), note=page.data_note(f, t), sentence=sites.sentence(made, t))
sites.draw(f, t, made)
placed.note(f, t)
