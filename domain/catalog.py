"""The catalogue 货盘: the products of one show, as the shop platform lists them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from domain.errors import InvalidValue

MINOR_UNITS = 100
"""Minor units (fen, cents) in one unit of the currencies that shows sell in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product. `price` and `list_price` are in minor units of `currency` (ISO 4217). "" and None: not given."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"strict": True, "allow_inf_nan": False}

    product_id: str
    title: str
    link_no: int | None = None
    short_name: str = ""
    brand: str = ""
    category: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    price: int | None = None
    list_price: int | None = None
    currency: str = "CNY"
    aliases: tuple[str, ...] = ()
    image: str = ""
    url: str = ""
    service_url: str = ""

    def __post_init__(self) -> None:
        if not self.product_id.strip():
            raise InvalidValue("product_id must not be empty")
        if not self.title.strip():
            raise InvalidValue("title must not be empty")
        if self.link_no is not None and self.link_no < 1:
            raise InvalidValue(f"link_no counts from 1, not {self.link_no}")
        for name, price in (("price", self.price), ("list_price", self.list_price)):
            if price is not None and price < 0:
                raise InvalidValue(f"{name} must not be below 0, not {price / MINOR_UNITS}")
        if self.service_url and not self.service_url.startswith("https://"):
            raise InvalidValue(f"service_url must start with https://, not {self.service_url!r}")

    @property
    def name(self) -> str:
        """What people call it: the short name, else the title."""
        return self.short_name or self.title


@dataclass(frozen=True)
class Catalog:
    """The products of a show, in the order of the file, each id once."""

    products: tuple[Product, ...]

    def __post_init__(self) -> None:
        if not self.products:
            raise InvalidValue("a catalogue needs at least one product")
        if len(self.by_id) < len(self.products):
            raise InvalidValue("a catalogue must not hold a product id twice")

    def __iter__(self) -> Iterator[Product]:
        return iter(self.products)

    def __len__(self) -> int:
        return len(self.products)

    @cached_property
    def by_id(self) -> Mapping[str, Product]:
        return {product.product_id: product for product in self.products}
