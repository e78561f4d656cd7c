"""When a changed property of a track is believed."""

from media.formats.codec_changes import MIN_CONFIRMATIONS, ConfirmedValue


def changes_of(values: str) -> list[int]:
    """Where `values`, each a letter at the offset of its position, change."""
    tracked = ConfirmedValue()
    offsets = (tracked.observe(value.encode(), offset) for offset, value in enumerate(values))
    return [offset for offset in offsets if offset is not None]


def test_the_first_value_counts_at_once_and_is_no_change() -> None:
    tracked = ConfirmedValue()
    assert tracked.observe(b"a", 7) is None
    assert tracked.confirmed == b"a"


def test_a_change_is_where_the_new_value_first_came() -> None:
    assert changes_of("aaabbbb") == [3]


def test_a_value_that_does_not_stay_is_no_change() -> None:
    assert changes_of("aab" + "b" * (MIN_CONFIRMATIONS - 2) + "aabba") == []


def test_values_that_differ_from_each_other_confirm_none() -> None:
    assert changes_of("aabcbcbc") == []


def test_a_value_that_comes_back_changes_again() -> None:
    assert changes_of("abbbaaa") == [1, 4]
