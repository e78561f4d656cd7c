"""Folds of the training shows."""

from dataclasses import dataclass
from typing import cast

import pytest

from learning.training.folds import MAX_FOLDS, split_into_folds
from learning.training.training_shows import TrainingShow


@dataclass(frozen=True)
class Named:
    """All of a training_show that parts look at."""

    name: str
    group: str


def training_shows(groups: str) -> tuple[TrainingShow, ...]:
    return cast(tuple[TrainingShow, ...], tuple(Named(f"{group}{i}", group) for i, group in enumerate(groups)))


def test_shows_of_one_group_are_in_one_part() -> None:
    parts = split_into_folds(training_shows("abcabcaab"))
    assert sorted({each.group for each in part} for part in parts) == [{"a"}, {"b"}, {"c"}]


def test_groups_share_parts_where_there_are_many() -> None:
    parts = split_into_folds(training_shows("aaaabbcdefgh"))
    assert len(parts) == MAX_FOLDS
    assert {each.group for each in parts[0]} == {"a"}
    assert max(map(len, parts)) == 4


def test_shows_of_a_single_group_are_parted_one_by_one() -> None:
    assert [[each.name for each in part] for part in split_into_folds(training_shows("aaa"))] == [
        ["a0"],
        ["a1"],
        ["a2"],
    ]


def test_a_single_show_is_a_single_part() -> None:
    assert len(split_into_folds(training_shows("a"))) == 1


@pytest.mark.parametrize("groups", ["a", "ab", "aaab", "abcdefg", "aaaaaaaaab"])
def test_every_show_is_in_exactly_one_part(groups: str) -> None:
    ungrouped = training_shows(groups)
    names = [each.name for part in split_into_folds(ungrouped) for each in part]
    assert sorted(names) == sorted(each.name for each in ungrouped)
