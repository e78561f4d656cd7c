"""The simulated shows that weights are learned from."""

from dataclasses import replace

import pytest

from domain.catalog import Catalog, Product
from fixtures.tiny_scripts import chinese_script, english_script
from learning.simulation.scripts.script import ShowScript
from learning.simulation.show_variation import WrongBag
from learning.simulation.simulate import SimulationConfig
from learning.training.lessons import BENT_EVERY, Lessons

pytestmark = pytest.mark.heavy

POTS = Catalog(tuple(Product(product_id=f"pot{n}", title=f"第{n}口砂锅", price=9900) for n in range(1, 9)))
OTHER_TEA = Catalog((Product(product_id="t1", title="云脚坊古树白茶饼", brand="云脚坊"),))
FANS = Catalog((Product(product_id="f1", title="Kettlebrook Desk Fan", brand="Kettlebrook"),))
OTHER_POTS = Catalog((Product(product_id="k1", title="山脚老铁锅", brand="老铁"),))
SAME_KIND = {"zh-tea-ta1": OTHER_TEA, "zh-pots-tc1": OTHER_POTS, "en-gadgets-ta2": FANS}


def scripts() -> tuple[ShowScript, ...]:
    chat = tuple(replace(each, about=(), mentions=(), push=None) for each in chinese_script().utterances[:4])
    pots = ShowScript("zh-pots-tc1", "zh", "", POTS, chat)
    return chinese_script(), pots, english_script()


def lessons(seed: int = 1, *, same_kind: dict[str, Catalog] = SAME_KIND) -> Lessons:
    return Lessons(SimulationConfig(scripts()), same_kind, seed)


@pytest.mark.parametrize("number", range(BENT_EVERY - 1))
def test_each_round_has_every_script_once_as_it_was_written(number: int) -> None:
    shows = [lessons().simulate(3 * number + i) for i in range(3)]
    assert [show.provenance.scripts for show in shows] == [(script.id,) for script in scripts()]
    said = [[each.utterance.text for each in show.utterances] for show in shows]
    assert said == [[each.text for each in script.utterances] for script in scripts()]


def test_the_rounds_of_one_script_are_heard_differently() -> None:
    first, second = (lessons().simulate(number) for number in (0, 3))
    assert first.name != second.name
    assert first.transcript != second.transcript


def test_the_last_round_of_each_few_is_cut_mixed_and_spliced() -> None:
    written = {tuple(each.text for each in script.utterances) for script in scripts()}
    first = 3 * (BENT_EVERY - 1)
    bent = [lessons().simulate(first + i) for i in range(3)]
    assert not {tuple(each.utterance.text for each in show.utterances) for show in bent} <= written
    assert [show.provenance.scripts[0] for show in bent] == [script.id for script in scripts()]


def test_a_lesson_depends_on_its_seed_and_number_alone() -> None:
    again, other = lessons().simulate(4), lessons(2).simulate(4)
    assert again == lessons().simulate(4)
    assert other.transcript != again.transcript


def bag_of(number: int, same_kind: dict[str, Catalog] = SAME_KIND) -> WrongBag:
    """The kind of wrong bag that lesson `number` comes beside, by the name of its show."""
    show, *beside = lessons(same_kind=same_kind).build(number)
    if not beside:
        return "none"
    (wrong,) = beside
    assert wrong.transcript == show.transcript
    assert not wrong.truth.highlights
    return "the same kind" if wrong.name == f"{show.name}-bag-of-the-same-kind" else "another kind"


def test_a_lesson_comes_again_beside_a_wrong_bag_whose_kind_alternates() -> None:
    assert [bag_of(0), bag_of(1)] == ["another kind", "the same kind"]


@pytest.mark.parametrize("script_count", [2, 3])
def test_a_script_has_the_other_kind_of_bag_in_its_next_round(script_count: int) -> None:
    made = Lessons(SimulationConfig(scripts()[:script_count]), SAME_KIND, 1)
    names = [made.build(number)[1].name for number in (0, script_count)]
    assert [name.split("-bag-of-")[1] for name in names] == ["another-kind", "the-same-kind"]


def test_a_lesson_whose_kind_of_bag_nobody_has_comes_alone() -> None:
    assert [bag_of(number, same_kind={}) for number in (0, 1)] == ["another kind", "none"]


def test_a_bag_of_the_same_kind_does_not_stand_for_one_of_another_kind() -> None:
    tea = Lessons(SimulationConfig(scripts()[:1]), SAME_KIND, 1)
    assert [len(tea.build(number)) for number in (0, 1)] == [1, 2]
