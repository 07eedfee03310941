"""Privacy: whose wishes are being kept, and how much time is left for each."""

from ui import filters, text
from ui.cached.privacy import wishes
from ui.components import page, privacy, tabs

t, f = text.translator(), filters.current()

page.header(t("privacy.question"), note=page.data_note(f, t), sentence=t("privacy.sentence"))
found = wishes(f.workspace, f.whole)
privacy.summary(found, f, t)

parts = {
    "clock": lambda: privacy.clock(found, f, t),
    "record": lambda: privacy.record(f, t),
    "law": lambda: privacy.law(t),
}
tabs.draw("privacy", parts, t)
