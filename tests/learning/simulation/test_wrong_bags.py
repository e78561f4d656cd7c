"""A wrong bag is another script's catalogue."""

from dataclasses import replace

from domain.catalog import Catalog
from fixtures.tiny_scripts import chinese_script, english_script
from learning.simulation.scripts.script import ShowScript
from learning.simulation.wrong_bags import catalogs_of_other_kinds, catalogs_of_others, wrong_catalog


def with_categories(script: ShowScript, category: str) -> ShowScript:
    return replace(script, catalog=Catalog(tuple(replace(each, category=category) for each in script.catalog)))


def test_the_wrong_catalogue_is_that_of_the_next_script_of_another_kind() -> None:
    names = ("zh-bowls-ta1", "zh-cups-ta2", "en-lamps-ta3", "zh-pots-ta4")
    bowls, cups, lamps, pots = (
        with_categories((english_script if "en" in name else chinese_script)(name), category)
        for name, category in zip(names, ("茶具/碗", "茶具/杯", "Lamps", "锅"), strict=True)
    )
    scripts = (bowls, cups, lamps, pots)
    assert wrong_catalog(bowls, scripts) is pots.catalog
    assert wrong_catalog(cups, scripts) is pots.catalog
    assert wrong_catalog(pots, scripts) is bowls.catalog
    assert wrong_catalog(lamps, scripts) is None


def test_catalogues_of_others_have_the_language_and_no_title_of_the_show() -> None:
    shown, same, lamps = chinese_script("zh-tea-ta1"), chinese_script("zh-tea-ta2"), english_script()
    titles = (replace(each, title=f"{each.title}二") for each in shown.catalog)
    other = replace(chinese_script("zh-pots-tb1"), catalog=Catalog(tuple(titles)))
    assert catalogs_of_others([shown], (shown, same, lamps, other)) == [other.catalog]


def test_a_spliced_show_has_bags_of_kinds_that_none_of_its_scripts_sells() -> None:
    bowls, pots, cups = (
        with_categories(chinese_script(name), category)
        for name, category in (("zh-bowls-ta1", "茶具"), ("zh-pots-ta2", "锅"), ("zh-cups-ta3", "杯"))
    )
    assert catalogs_of_other_kinds([bowls], (bowls, pots, cups)) == [cups.catalog, pots.catalog]
    assert catalogs_of_other_kinds([bowls, pots], (bowls, pots, cups)) == [cups.catalog]
