"""Parts of lessons that judge each other."""

from dataclasses import dataclass
from typing import cast

import pytest

from learning.training.folds import MOST_PARTS, parts_of
from learning.training.training_shows import Lesson


@dataclass(frozen=True)
class Named:
    """All of a lesson that parts look at."""

    name: str
    group: str


def lessons(groups: str) -> tuple[Lesson, ...]:
    return cast(tuple[Lesson, ...], tuple(Named(f"{group}{i}", group) for i, group in enumerate(groups)))


def test_shows_of_one_group_are_in_one_part() -> None:
    parts = parts_of(lessons("abcabcaab"))
    assert sorted({each.group for each in part} for part in parts) == [{"a"}, {"b"}, {"c"}]


def test_groups_share_parts_where_there_are_many() -> None:
    parts = parts_of(lessons("aaaabbcdefgh"))
    assert len(parts) == MOST_PARTS
    assert {each.group for each in parts[0]} == {"a"}
    assert max(map(len, parts)) == 4


def test_shows_of_a_single_group_are_parted_one_by_one() -> None:
    assert [[each.name for each in part] for part in parts_of(lessons("aaa"))] == [["a0"], ["a1"], ["a2"]]


def test_a_single_show_is_a_single_part() -> None:
    assert len(parts_of(lessons("a"))) == 1


@pytest.mark.parametrize("groups", ["a", "ab", "aaab", "abcdefg", "aaaaaaaaab"])
def test_every_show_is_in_exactly_one_part(groups: str) -> None:
    given = lessons(groups)
    found = [each.name for part in parts_of(given) for each in part]
    assert sorted(found) == sorted(each.name for each in given)
