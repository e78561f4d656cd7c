"""How takes and products appear in public: ids, rounded times, and the fields that anyone may see."""

import hashlib
from collections.abc import Collection
from dataclasses import replace

from domain.catalog import MINOR_UNITS, Product
from domain.highlight import Highlight, PublicProduct, Take, TakeJudgement

ID_HEX_DIGITS = 12  # 48 bits: no two of a session are the same
ROUNDED_FIELDS = ("start", "end", "seek", "confidence", "product_confidence", "start_confidence")


def highlight_id(session_id: str, take: Take) -> str:
    """The id of the n-th take of its products in a session: the same however its times move."""
    return _hash_id(session_id, *take.product_ids, str(take.take_number))


def unused_id(session_id: str, highlight: Highlight, used_ids: Collection[str]) -> str:
    """The machine's id of the highlight, or one derived from it: the first that is not in `used_ids`."""
    unique_id, attempt = highlight.id, 0
    while unique_id in used_ids:
        attempt += 1
        unique_id = _hash_id(session_id, highlight.id, str(attempt))
    return unique_id


def _hash_id(*parts: str) -> str:
    return "h" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:ID_HEX_DIGITS]


def public_product(product: Product) -> PublicProduct:
    """The fields that anyone may see. Addresses are kept only where the public can reach them (https)."""
    return PublicProduct(
        product_id=product.product_id,
        link_no=product.link_no,
        title=product.title,
        short_name=product.short_name,
        brand=product.brand,
        category=product.category,
        attributes=dict(product.attributes),
        price=_to_major_units(product.price),
        list_price=_to_major_units(product.list_price),
        currency=product.currency,
        image=_public_url(product.image),
        url=_public_url(product.url),
        service_url=_public_url(product.service_url),
    )


def round_highlight(highlight: Highlight, digits: int) -> Highlight:
    """The highlight with all times and confidences rounded to `digits` decimals."""
    moments = tuple(replace(moment, at=round(moment.at, digits)) for moment in highlight.moments)
    reasons = tuple(
        replace(reason, start=round(reason.start, digits), end=round(reason.end, digits))
        for reason in highlight.reasons
    )
    numbers = {name: round(getattr(highlight, name), digits) for name in ROUNDED_FIELDS}
    return replace(highlight, **numbers, moments=moments, reasons=reasons)


def rounded_judgement(take: Take, digits: int) -> TakeJudgement:
    """Why the machine made `take`, with nats, chances and times rounded to `digits` decimals."""
    return TakeJudgement(
        is_tie=take.is_tie,
        evidence=tuple(replace(each, nats=round(each.nats, digits)) for each in take.evidence),
        other_products=tuple(replace(each, chance=round(each.chance, digits)) for each in take.other_products),
        other_starts=tuple(
            replace(each, seek=round(each.seek, digits), chance=round(each.chance, digits))
            for each in take.other_starts
        ),
    )


def _to_major_units(minor_units: int | None) -> float | None:
    return None if minor_units is None else minor_units / MINOR_UNITS


def _public_url(url: str) -> str | None:
    return url if url.startswith("https://") else None
