"""What of a take and a product the public sees, and how."""

import hashlib
from collections.abc import Collection
from dataclasses import replace

from domain.catalog import MINOR_UNITS, Product
from domain.highlight import Highlight, PublicProduct, Take

ID_LENGTH = 12  # hex digits: 48 bits, unique within a session by far


def highlight_id(session_id: str, take: Take) -> str:
    """The same for the n-th take of the same products in the same session, however its times move."""
    return _id_of(session_id, *take.product_ids, str(take.number))


def fresh_id(session_id: str, found: Highlight, taken: Collection[str]) -> str:
    """The machine's own id of what it found, or one made from it: one that is not `taken`."""
    identity, attempt = found.id, 0
    while identity in taken:
        attempt += 1
        identity = _id_of(session_id, found.id, str(attempt))
    return identity


def _id_of(*named: str) -> str:
    return "h" + hashlib.sha256("\0".join(named).encode()).hexdigest()[:ID_LENGTH]


def public_product(product: Product) -> PublicProduct:
    """The fields that anyone may see. Pictures are given only where the public can reach them."""
    return PublicProduct(
        product_id=product.product_id,
        link_no=product.link_no,
        title=product.title,
        short_name=product.short_name,
        brand=product.brand,
        category=product.category,
        attributes=dict(product.attributes),
        price=_in_units(product.price),
        list_price=_in_units(product.list_price),
        currency=product.currency,
        image=_public_address(product.image),
        url=_public_address(product.url),
        service_url=_public_address(product.service_url),
    )


def rounded(highlight: Highlight, digits: int) -> Highlight:
    """All its times and its confidence with `digits` decimals."""
    moments = tuple(replace(moment, at=round(moment.at, digits)) for moment in highlight.moments)
    reasons = tuple(
        replace(reason, start=round(reason.start, digits), end=round(reason.end, digits))
        for reason in highlight.reasons
    )
    times = {name: round(getattr(highlight, name), digits) for name in ("start", "end", "seek", "confidence")}
    return replace(highlight, **times, moments=moments, reasons=reasons)


def _in_units(minor: int | None) -> float | None:
    return None if minor is None else minor / MINOR_UNITS


def _public_address(address: str) -> str | None:
    return address if address.startswith("https://") else None
