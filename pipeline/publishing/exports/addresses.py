"""Where others find a show."""

from dataclasses import dataclass, replace
from urllib.parse import quote, urljoin, urlsplit

from domain.errors import UsageError
from domain.highlight import HighlightsFile
from pipeline.publishing.publish import FOLDER


@dataclass(frozen=True, slots=True)
class Places:
    """The page that plays the show, its media, and the folder of its highlights.json. Empty where nobody said."""

    page: str = ""
    media: str = ""
    files: str = ""

    def __post_init__(self) -> None:
        for address in (self.page, self.media, self.files):
            try:
                urlsplit(address)
            except ValueError:
                raise UsageError(address, "is no web address", "give one such as https://shop.example/live") from None

    @property
    def folder(self) -> str:
        """`files` as an address that others are relative to."""
        return self.files.rstrip("/") + "/"


def of_published(places: Places, document: HighlightsFile) -> Places:
    """Places of a revision: its files are on the page's site, where `kandian serve` has them, unless somebody said."""
    if places.files or not places.page:
        return places
    return replace(places, files=urljoin(places.page, f"/{FOLDER}/{quote(document.session_id)}/r{document.revision}/"))
