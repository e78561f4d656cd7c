"""The products that a session can show, and titles for highlights that have none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from domain.catalog import Product
from domain.highlight import Highlight, PublicProduct
from models.description.titles import build_title


class KnownProducts:
    """The products of the catalogue, and published ones that have left it.

    Every highlight needs a product that viewers can see: one that left the catalogue stays as it was last published.
    """

    def __init__(self, listed: Sequence[PublicProduct], published: Iterable[PublicProduct]) -> None:
        self._listed = {product.product_id: product for product in listed}
        self._delisted = {each.product_id: each for each in published if each.product_id not in self._listed}
        self._catalog = tuple(map(_catalog_product, listed))

    def unknown_product_ids(self, highlight: Highlight) -> tuple[str, ...]:
        """Ids of its products that are neither in the catalogue nor published."""
        return tuple(i for i in highlight.product_ids if i not in self._listed and i not in self._delisted)

    def delisted_products(self, highlights: Iterable[Highlight]) -> tuple[PublicProduct, ...]:
        """The products of `highlights` that have left the catalogue."""
        product_ids = {product_id for highlight in highlights for product_id in highlight.product_ids}
        return tuple(product for product_id, product in self._delisted.items() if product_id in product_ids)

    def with_title(self, highlight: Highlight) -> Highlight:
        """The highlight with a title: its own, else the one that the machine gives its products."""
        if highlight.title:
            return highlight
        known: Mapping[str, PublicProduct] = {**self._delisted, **self._listed}
        products = [_catalog_product(known[i]) for i in highlight.product_ids if i in known]
        return replace(highlight, title=build_title(products, self._catalog) if products else highlight.product_ids[0])


def _catalog_product(product: PublicProduct) -> Product:
    """A product with the fields that titles are made from."""
    return Product(
        product_id=product.product_id,
        title=product.title,
        link_no=product.link_no,
        short_name=product.short_name,
        brand=product.brand,
        category=product.category,
        attributes=product.attributes,
    )
