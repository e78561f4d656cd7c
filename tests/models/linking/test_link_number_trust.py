"""How far the link numbers of a show can be trusted."""

import pytest

from domain.clock import Span
from domain.evidence import Mention, MentionKind
from models.linking.link_number_trust import PRIOR_VALID, weigh_link_calls


def mention(kind: MentionKind, product_id: str, at: float) -> Mention:
    return Mention(kind, (product_id,), Span(at, at + 1), 0, "", 2.0)


def last_link(mentions: list[Mention]) -> float:
    return [each.weight for each in weigh_link_calls(mentions) if each.kind == "link"][-1]


def calls(named: str, count: int) -> list[Mention]:
    """Calls of link A, a minute apart, each while product `named` is named."""
    return [
        each for i in range(count) for each in (mention("link", "A", 60.0 * i), mention("name", named, 60.0 * i + 3))
    ]


def test_numbers_that_nothing_is_known_of_are_trusted_as_those_of_other_shows_are() -> None:
    assert last_link([mention("link", "A", 0)]) == pytest.approx(2.0 * PRIOR_VALID)


def test_numbers_that_names_bear_out_are_trusted_more() -> None:
    assert last_link(calls("A", 5)) > 2.0 * PRIOR_VALID


def test_numbers_that_names_never_bear_out_lose_most_of_their_weight() -> None:
    assert last_link(calls("B", 10)) < 1.0


def test_one_call_beside_another_name_changes_little() -> None:
    assert last_link(calls("B", 2)) > 1.6


def test_numbers_dealt_anew_late_in_the_show_keep_their_weight_early() -> None:
    late = [
        Mention(m.kind, m.product_ids, Span(m.span.start + 7200, m.span.end + 7200), 0, "", 2.0) for m in calls("B", 10)
    ]
    early = weigh_link_calls([*calls("A", 5), *late])
    links = [each.weight for each in early if each.kind == "link"]
    assert links[0] > 1.9 > 1.0 > links[-1]


def test_mentions_of_other_kinds_stay_as_they_are() -> None:
    names = [mention("name", "A", 0), mention("price", "B", 5)]
    assert weigh_link_calls(names) == names
