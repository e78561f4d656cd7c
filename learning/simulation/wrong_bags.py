"""Wrong bags: catalogues of other scripts, of which a show explains nothing."""

from collections.abc import Sequence

from domain.catalog import Catalog
from learning.simulation.scripts.script import ShowScript


def wrong_catalog(script: ShowScript, scripts: Sequence[ShowScript]) -> Catalog | None:
    """The first of the catalogues of other kinds of things. None where there is none."""
    return next(iter(catalogs_of_other_kinds([script], scripts)), None)


def catalogs_of_other_kinds(shown: Sequence[ShowScript], scripts: Sequence[ShowScript]) -> list[Catalog]:
    """The catalogues of `scripts` in the language of `shown` that sell other kinds of things than they all do.

    By id, beginning with the id after that of the first shown, and from the last to the first again.
    """
    shown_kinds = {kind for script in shown for kind in _kinds_of_things(script)}
    others = sorted(scripts, key=lambda other: (other.id <= shown[0].id, other.id))
    return [
        other.catalog
        for other in others
        if other.language == shown[0].language and shown_kinds.isdisjoint(_kinds_of_things(other))
    ]


def _kinds_of_things(script: ShowScript) -> set[str]:
    """The first parts of its products' categories, and the topic in its id (zh-tea-ta1: tea)."""
    categories = {product.category.split("/")[0].strip().lower() for product in script.catalog}
    return (categories | {"-".join(script.id.split("-")[1:-1])}) - {""}


def catalogs_of_others(shown: Sequence[ShowScript], scripts: Sequence[ShowScript]) -> list[Catalog]:
    """The catalogues of `scripts` in the language of `shown`, without those that hold a title of theirs."""
    shown_titles = {product.title for script in shown for product in script.catalog}
    return [
        other.catalog
        for other in scripts
        if other.language == shown[0].language and shown_titles.isdisjoint(each.title for each in other.catalog)
    ]
