"""Wrong bags of the same kind: what another shop sells of the kind of things that a show explains.

They are written by hand, one ordinary catalog.csv for each script, in the folder `same_kind` beside the scripts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from domain.catalog import Catalog, Product
from learning.simulation.scripts.script import ShowScript
from pipeline.inputs.catalog import read_catalog

SAME_KIND_DIR = "same_kind"


def read_same_kind_catalogs(folder: Path, scripts: Iterable[ShowScript]) -> dict[str, Catalog]:
    """The written catalogues of the `scripts` of `folder`, by the id of the script, for those that have one.

    Raises CatalogError, which says where in which file.
    """
    files = [(script, folder / SAME_KIND_DIR / f"{script.id}.csv") for script in scripts]
    return {script.id: read_catalog(file, script.language).catalog for script, file in files if file.is_file()}


def same_kind_catalog(
    script: ShowScript, scripts: Sequence[ShowScript], written: Mapping[str, Catalog]
) -> Catalog | None:
    """A catalogue of which `script` shows nothing, of the same kind of things, with the same columns filled in.

    It is the written one, else that of the next of `scripts`, by id, that has the same language and topic and shares no
    name with it. None where there is none.
    """
    own_names = set(_names(script.catalog))
    catalogs = [written[script.id]] if script.id in written else _catalogs_of_topic(script, scripts)
    disjoint = (catalog for catalog in catalogs if own_names.isdisjoint(_names(catalog)))
    return next((_filled_in_like(catalog, script.catalog) for catalog in disjoint), None)


def same_kind_of_scripts(
    shown: Sequence[ShowScript], scripts: Sequence[ShowScript], written: Mapping[str, Catalog]
) -> Catalog | None:
    """The products of the same kind as those of all `shown` scripts, which one show is spliced from, each id once.

    None where one of them has none, or where one's products have names of another's own.
    """
    catalogs = [same_kind_catalog(script, scripts, written) for script in shown]
    found = [catalog for catalog in catalogs if catalog]
    own_names = {name for script in shown for name in _names(script.catalog)}
    if len(found) < len(shown) or any(not own_names.isdisjoint(_names(catalog)) for catalog in found):
        return None
    return Catalog(tuple({product.product_id: product for catalog in found for product in catalog}.values()))


def _catalogs_of_topic(script: ShowScript, scripts: Sequence[ShowScript]) -> list[Catalog]:
    others = sorted(scripts, key=lambda other: (other.id <= script.id, other.id))
    return [other.catalog for other in others if other.id != script.id and _topic(other) == _topic(script)]


def _topic(script: ShowScript) -> tuple[str, ...]:
    """Language and topic, as they are in the id (zh-tea-ta1: zh, tea)."""
    return (script.language, *script.id.split("-")[1:-1])


def _names(catalog: Catalog) -> Iterator[str]:
    for product in catalog:
        yield from (
            name.lower() for name in (product.title, product.short_name, product.brand, *product.aliases) if name
        )


def _filled_in_like(catalog: Catalog, own: Catalog) -> Catalog:
    """`catalog` without what no product of `own` says: what a shop fills in must not tell which bag is wrong."""
    return Catalog(tuple(_with_columns_of(product, own) for product in catalog))


def _with_columns_of(product: Product, own: Catalog) -> Product:
    return replace(
        product,
        link_no=product.link_no if any(each.link_no for each in own) else None,
        short_name=product.short_name if any(each.short_name for each in own) else "",
        brand=product.brand if any(each.brand for each in own) else "",
        category=product.category if any(each.category for each in own) else "",
        attributes=product.attributes if any(each.attributes for each in own) else {},
        price=product.price if any(each.price for each in own) else None,
        list_price=product.list_price if any(each.list_price for each in own) else None,
        aliases=product.aliases if any(each.aliases for each in own) else (),
    )
