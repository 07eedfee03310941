"""The pages of the app: where each file lies, under which menu, and what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One page of the menu.

    ``name`` is its key under ``[nav]``; ``address`` its place in the URL (default: the name);
    ``section`` the key of its menu, empty for a page that stands by itself. A page that does not
    need data runs in an empty workspace; one that is not ``filtered`` hides the filter bar.
    """

    name: str
    file: str
    section: str = ""
    address: str = ""
    needs_data: bool = True
    filtered: bool = True

    @property
    def url_path(self) -> str:
        """Where the page stands in the URL."""
        return self.address or self.name

    @property
    def path(self) -> Path:
        """The absolute path, as st.navigation needs it beside a ``pages`` folder."""
        return ROOT / "pages" / self.file

    @property
    def target(self) -> str:
        """The page as ``st.switch_page`` and ``st.page_link`` name it: relative to ui/shell.py."""
        return f"../pages/{self.file}"


PAGES: Final = (
    PageSpec("overview", "home/overview.py"),
    PageSpec("segments", "customers/segments.py", "customers"),
    PageSpec("audiences", "customers/audiences.py", "customers", filtered=False),
    PageSpec("retention", "customers/retention.py", "customers", needs_data=False),
    PageSpec("value", "customers/value.py", "customers", needs_data=False),
    PageSpec("customer", "customers/customer.py", "customers", filtered=False),
    PageSpec("demo", "customers/demo.py", "customers", needs_data=False, filtered=False),
    PageSpec("customer_map", "places/customer_map.py", "places", "map"),
    PageSpec("regions", "places/regions.py", "places"),
    PageSpec("catchments", "places/catchments.py", "places"),
    PageSpec("lookalikes", "places/lookalikes.py", "places"),
    PageSpec("sites", "places/sites.py", "places"),
    PageSpec("territories", "places/territories.py", "places"),
    PageSpec("ads", "places/ads.py", "places"),
    PageSpec("import_files", "data/import_files.py", "data", "import", needs_data=False, filtered=False),
    PageSpec("boundaries", "data/boundaries.py", "data", filtered=False),
    PageSpec("people", "data/people.py", "data", filtered=False),
    PageSpec("privacy", "data/privacy.py", "data", filtered=False),
    PageSpec("quality", "data/quality.py", "data", filtered=False),
    PageSpec("about", "help/about.py", "help", needs_data=False, filtered=False),
)


def spec(name: str) -> PageSpec:
    """The page of that name.

    Raises
    ------
    KeyError : there is none.
    """
    for page in PAGES:
        if page.name == name:
            return page
    raise KeyError(f"No page {name!r}; there are {[page.name for page in PAGES]}.")
