"""The addresses at which others find a show."""

from dataclasses import dataclass, replace
from urllib.parse import quote, urljoin, urlsplit

from domain.errors import UsageError
from domain.highlight import HighlightsFile
from pipeline.outputs.layout import PUBLISHED_DIR


@dataclass(frozen=True, slots=True)
class ShowAddresses:
    """The page that plays the show, its media, and the folder of its highlights.json. Empty where not given."""

    page_url: str = ""
    media_url: str = ""
    files_url: str = ""

    def __post_init__(self) -> None:
        for address in (self.page_url, self.media_url, self.files_url):
            try:
                urlsplit(address)
            except ValueError:
                raise UsageError(address, "is no web address", "give one such as https://shop.example/live") from None

    @property
    def base_url(self) -> str:
        """`files_url` as the base of relative addresses."""
        return self.files_url.rstrip("/") + "/"


def revision_addresses(addresses: ShowAddresses, document: HighlightsFile) -> ShowAddresses:
    """The addresses of a revision. Unless given, its files are on the page's site, where `kandian serve` has them."""
    if addresses.files_url or not addresses.page_url:
        return addresses
    return replace(
        addresses,
        files_url=urljoin(addresses.page_url, f"/{PUBLISHED_DIR}/{quote(document.session_id)}/r{document.revision}/"),
    )
