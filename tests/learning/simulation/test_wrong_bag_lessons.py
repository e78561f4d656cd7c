"""A lesson comes again beside two bags of which nothing is shown."""

from dataclasses import replace

import pytest

from domain.catalog import Catalog, Product
from fixtures.tiny_scripts import chinese_script, english_script
from learning.simulation.scripts.script import ShowScript
from learning.simulation.show_variation import ShowVariation
from learning.simulation.simulate import SimulatedShow, SimulationConfig, simulate_shows
from learning.simulation.wrong_bag_lessons import wrong_bag_lessons

POTS = Catalog(tuple(Product(product_id=f"pot{n}", title=f"第{n}口砂锅", price=9900) for n in range(1, 9)))
OTHER_TEA = Catalog((Product(product_id="t1", title="云脚坊古树白茶饼", brand="云脚坊", aliases=("老树饼",)),))


@pytest.fixture
def scripts() -> tuple[ShowScript, ...]:
    chat = tuple(replace(each, about=(), mentions=(), push=None) for each in chinese_script().utterances[:2])
    pots = ShowScript("zh-pots-tc1", "zh", "", POTS, chat)
    return chinese_script(), pots, english_script()


def shows_of_tea(scripts: tuple[ShowScript, ...], **variation: float) -> list[SimulatedShow]:
    config = SimulationConfig(scripts, variation=ShowVariation(**variation))  # type: ignore[arg-type]
    return [show for show in simulate_shows(config, 1, range(12)) if show.provenance.scripts == ("zh-tea-ta1",)]


def test_a_show_has_a_bag_of_another_kind_and_one_of_the_same(scripts: tuple[ShowScript, ...]) -> None:
    show = shows_of_tea(scripts)[0]
    other, same = wrong_bag_lessons(show, scripts, {"zh-tea-ta1": OTHER_TEA})
    assert [product.title for product in other.catalog] == [product.title for product in POTS]
    assert [product.title for product in same.catalog] == ["云脚坊古树白茶饼"]
    assert (other.provenance.traits.labels, same.provenance.traits.labels) == (
        ("wrong bag of another kind",),
        ("wrong bag of the same kind",),
    )
    assert len({show.name, other.name, same.name}) == 3
    for lesson in (other, same):
        assert lesson.transcript == show.transcript
        assert not lesson.truth.highlights


def test_a_bag_varies_as_the_catalogue_of_its_show(scripts: tuple[ShowScript, ...]) -> None:
    show = shows_of_tea(scripts, titles_alone_share=1.0)[0]
    for lesson in wrong_bag_lessons(show, scripts, {"zh-tea-ta1": OTHER_TEA}):
        assert all(product.name == product.title and product.price is None for product in lesson.catalog)


def test_the_same_show_has_the_same_bags(scripts: tuple[ShowScript, ...]) -> None:
    show = shows_of_tea(scripts)[0]
    first, second = (wrong_bag_lessons(show, scripts, {"zh-tea-ta1": OTHER_TEA}) for _ in range(2))
    assert [lesson.catalog for lesson in first] == [lesson.catalog for lesson in second]


def test_a_bag_that_nobody_has_makes_no_lesson(scripts: tuple[ShowScript, ...]) -> None:
    tea = scripts[:1]
    assert wrong_bag_lessons(shows_of_tea(tea)[0], tea, {}) == ()
