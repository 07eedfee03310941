"""Client demo: what a customer is worth, told in five minutes, with data or without."""

from ui import session, text
from ui.components import demo
from ui.components.figures import current_or_none

t, f = text.translator(), current_or_none()
workspace = session.workspace()

demo.draw(f, f.currency if f else workspace.config.currency if workspace else "MYR", t)
