"""Some writers and manners only examine."""

from dataclasses import replace
from pathlib import Path

from fixtures.tiny_scripts import chinese_script
from learning.simulation.scripts.examiners import (
    EXAMINING_MANNERS,
    EXAMINING_WRITERS,
    describe_examiners,
    is_examiner,
    split_examiners,
)
from learning.simulation.scripts.script_files import read_scripts

SCRIPTS = Path(__file__).parents[4] / "fixtures" / "scripts"


def test_a_script_examines_by_its_writer_or_by_one_of_its_manners() -> None:
    lesson = chinese_script("zh-tea-ta1")
    assert not is_examiner(replace(lesson, manners=("duo",)))
    assert is_examiner(replace(lesson, manners=("duo", "caller")))
    assert is_examiner(chinese_script("zh-tea-rh9"))


def test_scripts_are_split_in_their_order() -> None:
    first, examiner, last = (chinese_script(name) for name in ("zh-tea-ta1", "zh-tea-rh1", "zh-tea-tb1"))
    split = split_examiners([first, examiner, last])
    assert split.lessons == (first, last)
    assert split.examining == (examiner,)


def test_the_examiners_are_told_in_a_line() -> None:
    assert describe_examiners([]) == ""
    line = describe_examiners([chinese_script("zh-tea-rh1"), chinese_script("zh-tea-rh2")])
    assert line.startswith("scripts not learned from, by writer: rh 2 (")


def test_the_scripts_of_the_project_have_two_writers_and_two_manners_that_no_lesson_has() -> None:
    split = split_examiners(read_scripts(SCRIPTS))
    assert {script.writer for script in split.examining} == set(EXAMINING_WRITERS)
    assert set(EXAMINING_MANNERS) <= {manner for script in split.examining for manner in script.manners}
    assert {script.language for script in split.lessons} == {script.language for script in split.examining}
