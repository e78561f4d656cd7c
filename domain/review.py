"""The review 复核: what people did to highlights. Edits are only ever added; they are an input of every later run."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Literal, TypeAlias

from domain.clock import Seconds, Span
from domain.errors import InvalidValue
from domain.highlight import Highlight, PublicProduct
from domain.text import check_id, check_summary, check_title


@dataclass(frozen=True, slots=True)
class Approve:
    """The highlight is right as it is: its products and its edges stay whatever the machine finds later."""

    kind: Literal["approve"]
    highlight: str

    def __post_init__(self) -> None:
        _check_highlight_ids((self.highlight,))


@dataclass(frozen=True, slots=True)
class Reject:
    """There is no such explanation. Takes of its product there are left out from now on."""

    kind: Literal["reject"]
    highlight: str

    def __post_init__(self) -> None:
        _check_highlight_ids((self.highlight,))


@dataclass(frozen=True, slots=True)
class Move:
    """Other edges; None leaves one to the machine. A new start is where players land, unless `seek`, given now or
    before and still inside, says otherwise."""

    kind: Literal["move"]
    highlight: str
    start: Seconds | None = None
    end: Seconds | None = None
    seek: Seconds | None = None

    def __post_init__(self) -> None:
        if self.start is None and self.end is None and self.seek is None:
            raise InvalidValue("a move needs a start, an end or a seek")
        _check_highlight_ids((self.highlight,))
        check_times(self.start, self.end, self.seek)


@dataclass(frozen=True, slots=True)
class ChangeProduct:
    """Other products; the first is the main one."""

    kind: Literal["change_product"]
    highlight: str
    product_ids: tuple[str, ...]

    def __post_init__(self) -> None:
        _check_highlight_ids((self.highlight,))
        _check_product_ids(self.product_ids)


@dataclass(frozen=True, slots=True)
class Retitle:
    """Other words; None leaves them to the machine."""

    kind: Literal["retitle"]
    highlight: str
    title: str | None = None
    summary: str | None = None

    def __post_init__(self) -> None:
        if self.title is None and self.summary is None:
            raise InvalidValue("a retitle needs a title or a summary")
        _check_highlight_ids((self.highlight,))
        if self.title is not None:
            check_title(self.title)
        if self.summary is not None:
            check_summary(self.summary)


@dataclass(frozen=True, slots=True)
class Add:
    """A highlight that the machine did not find. `highlight` is its id, new in this session.

    Without a title it is called as its products are.
    """

    kind: Literal["add"]
    highlight: str
    product_ids: tuple[str, ...]
    start: Seconds
    end: Seconds
    title: str
    seek: Seconds | None = None
    summary: str = ""

    def __post_init__(self) -> None:
        _check_highlight_ids((self.highlight,))
        _check_product_ids(self.product_ids)
        check_times(self.start, self.end, self.seek)
        if self.title:
            check_title(self.title)
        check_summary(self.summary)


@dataclass(frozen=True, slots=True)
class Split:
    """Two explanations of the same products: the first ends `at`, where the second, whose id is `second`, begins."""

    kind: Literal["split"]
    highlight: str
    at: Seconds
    second: str

    def __post_init__(self) -> None:
        _check_highlight_ids((self.highlight, self.second))
        check_times(start=self.at)


@dataclass(frozen=True, slots=True)
class Merge:
    """One explanation: the highlight reaches from the first start to the last end, `others` are gone."""

    kind: Literal["merge"]
    highlight: str
    others: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.others or self.highlight in self.others or len(set(self.others)) != len(self.others):
            raise InvalidValue("a merge needs other highlights, each once and none of them the first")
        _check_highlight_ids((self.highlight, *self.others))


Operation: TypeAlias = Approve | Reject | Move | ChangeProduct | Retitle | Add | Split | Merge
"""One thing that somebody did. `kind` tells which in JSON."""


@dataclass(frozen=True, slots=True)
class Edit:
    """An operation, with the highlights that it is about as the editor saw them: these are matched to later takes.

    `suggested` are the ids of those that were suggestions: changed but not approved, they stay suggestions.
    """

    operation: Operation
    seen: tuple[Highlight, ...]
    suggested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edits:
    """All edits of a session, in the order in which they were made."""

    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class PersistentId:
    """An id that viewers have, and the main product and the span that it was last published with."""

    highlight_id: str
    product_id: str
    span: Span


@dataclass(frozen=True, slots=True)
class PublishedHighlights:
    """What viewers have. `revision` is 0 and all else empty before the first publication.

    `persistent_ids` are the ids of all revisions, sorted. Web pages may link to them: none is given to another
    highlight, and a highlight that comes back gets its own again. `products` are those that `highlights` name.
    """

    revision: int = 0
    highlights: tuple[Highlight, ...] = ()
    persistent_ids: tuple[PersistentId, ...] = ()
    products: tuple[PublicProduct, ...] = ()

    @property
    def published_highlight_ids(self) -> frozenset[str]:
        return frozenset(persistent.highlight_id for persistent in self.persistent_ids)


@dataclass(frozen=True, slots=True)
class MachineHighlights:
    """The highlights before the review, with ids of their own: above and below the publishing threshold."""

    highlights: tuple[Highlight, ...]
    suggestions: tuple[Highlight, ...]


@dataclass(frozen=True, slots=True)
class ReviewedHighlights:
    """What is shown after the review, by time: `highlights` for viewers, `suggestions` and `rejected` for editors.

    `products` are those that the highlights name and the catalogue no longer has. `warnings`: what people should
    look at.
    """

    highlights: tuple[Highlight, ...]
    suggestions: tuple[Highlight, ...]
    rejected: tuple[Highlight, ...] = ()
    products: tuple[PublicProduct, ...] = ()
    warnings: tuple[str, ...] = ()


def check_times(start: Seconds | None = None, end: Seconds | None = None, seek: Seconds | None = None) -> None:
    """Raise InvalidValue unless those given are times of the replay, and start <= seek < end as far as given."""
    for name, time in (("start", start), ("end", end), ("seek", seek)):
        if time is not None and not (isfinite(time) and time >= 0):
            raise InvalidValue(f"{name} must be a time in the replay, not {time}")
    if start is not None and end is not None and not start < end:
        raise InvalidValue(f"a highlight must start before it ends, not [{start}, {end})")
    if seek is not None and ((start is not None and seek < start) or (end is not None and seek >= end)):
        at = f"[{'...' if start is None else start}, {'...' if end is None else end})"
        raise InvalidValue(f"seek must lie inside the highlight, {at}, not at {seek}")


def _check_product_ids(product_ids: tuple[str, ...]) -> None:
    if not product_ids or len(set(product_ids)) != len(product_ids):
        raise InvalidValue("a highlight needs at least one product, and each once")
    for product_id in product_ids:
        check_id("a product", product_id)


def _check_highlight_ids(ids: Iterable[str]) -> None:
    for highlight_id in ids:
        check_id("a highlight", highlight_id)
