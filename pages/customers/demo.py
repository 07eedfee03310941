"""Client demo: what a customer is worth, told in five minutes, with data or without."""

from ui import filters, text
from ui.components import demo

demo.draw(filters.current_or_none(), filters.currency(), text.translator())
