"""Import: a merchant's own files, understood, corrected and taken in."""

import streamlit as st

from ui import text
from ui.components import import_files, page

t = text.translator()
page.header(t("import.question"), sentence=t("import.sentence"))

current = import_files.job()
if current is not None and current.running:
    import_files.running()
elif current is not None:
    import_files.result(current, t)
else:
    place = st.container()
    held = import_files.files(t)
    with place:
        workspace, country, currency = import_files.target(held, t)
    if held:
        import_files.understood(held, workspace, country, currency, t)
