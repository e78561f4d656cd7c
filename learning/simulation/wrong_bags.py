"""Wrong bags: catalogues of other scripts, of which a show explains nothing."""

from collections.abc import Sequence

from domain.catalog import Catalog
from learning.simulation.scripts.script import ShowScript


def wrong_catalog(script: ShowScript, scripts: Sequence[ShowScript]) -> Catalog | None:
    """The catalogue of the next script, by id and from the last to the first again, that has the same language and
    sells other kinds of things. None where there is none.
    """
    others = sorted(scripts, key=lambda other: (other.id <= script.id, other.id))
    return next(
        (
            other.catalog
            for other in others
            if other.language == script.language and not _kinds_of_things(other) & _kinds_of_things(script)
        ),
        None,
    )


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
