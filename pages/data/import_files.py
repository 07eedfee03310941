"""Import: a merchant's own files, understood, corrected and taken in."""

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
    workspace, country = import_files.target(t)
    held = import_files.files(t)
    if held:
        import_files.understood(held, workspace, country, t)
