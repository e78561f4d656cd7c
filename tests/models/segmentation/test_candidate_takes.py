"""Candidate takes: where a viewer lands, what speaks for them, and what they may be instead."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from domain.clock import Seconds
from domain.evidence import EVIDENCE_KINDS, ProductScores
from domain.highlight import Take
from fixtures.scored_show import MODEL, NAME, SETTINGS, UNIT_S, scored_show
from models.segmentation.candidate_takes import (
    MAX_EARLY_SEEK_S,
    MAX_LATE_SEEK_S,
    MAX_OTHER_PRODUCTS,
    MAX_OTHER_STARTS,
    CandidateTake,
)
from models.segmentation.segmenter import candidate_takes, segment_takes

EVERYTHING = replace(SETTINGS, publish_at=0.0, suggest_at=0.0)


def the_candidate(show: ProductScores) -> CandidateTake:
    (only,) = candidate_takes(show, MODEL, SETTINGS)
    return only


def the_take(show: ProductScores) -> Take:
    (only,) = segment_takes(show, MODEL, EVERYTHING).takes
    return only


def takes_and_suggestions(show: ProductScores) -> list[Take]:
    segmented = segment_takes(show, MODEL, EVERYTHING)
    return [*segmented.takes, *segmented.suggestions]


def random_show(seed: int, products: int = 6) -> ProductScores:
    random = np.random.default_rng(seed)
    show = scored_show(120, products=products)
    show.evidence[:] = random.normal(-0.1, 0.8, show.evidence.shape)
    return replace(show, opening=random.normal(-1, 1.5, 120), entry_score=-2.0)


# --- landing


def lands_right(seek: Seconds, start: Seconds) -> bool:
    """The measure: a seek from 5 s before the true start to 10 s after it is right."""
    return -MAX_EARLY_SEEK_S <= seek - start <= MAX_LATE_SEEK_S


def test_a_viewer_lands_where_the_explanation_opens() -> None:
    show = scored_show(60, (20, 32, 1))
    show.evidence[20:23, 1, NAME] = 0.0  # it opens 15 s before the first word of evidence
    assert lands_right(the_candidate(show).seek, 20 * UNIT_S)


def test_what_speaks_for_a_start_of_this_product_moves_the_landing() -> None:
    show = scored_show(60, (20, 32, 1))
    show.opening[:] = -1.0
    show.product_opening[22, 1] = 12.0
    assert the_candidate(show).seek == 22 * UNIT_S


def test_what_speaks_for_a_start_of_another_product_does_not() -> None:
    show = scored_show(60, (20, 32, 1))
    show.product_opening[22, 2] = 12.0
    assert the_candidate(show).seek == 20 * UNIT_S


def test_what_speaks_for_an_end_of_this_product_moves_the_end() -> None:
    show = scored_show(60, (20, 32, 1))
    show.evidence[29:32, 1, NAME] = 1.0
    show.product_closing[28, 1] = 9.0
    assert the_candidate(show).end == 29


def test_a_clear_opening_is_surer_than_none() -> None:
    clear, vague = scored_show(60, (20, 32, 1)), scored_show(60, (20, 32, 1))
    vague.opening[:] = 0.0
    vague.evidence[14:20, 1, NAME] = 0.6
    assert the_candidate(vague).start_features.landing < the_candidate(clear).start_features.landing
    assert the_take(vague).start_confidence < the_take(clear).start_confidence


def test_a_product_whose_words_set_in_at_the_landing_has_a_surer_start() -> None:
    assert the_candidate(scored_show(60, (20, 32, 1))).start_features.sets_in > 1.0


# --- what speaks for the product


def test_the_lead_is_over_the_next_product() -> None:
    show = replace(scored_show(60, (20, 32, 1)), bundle_entry_score=-50.0)
    show.evidence[20:32, 2, NAME] = 2.0
    assert the_candidate(show).product_features.margin == pytest.approx(12.0)


def test_a_partner_in_a_bundle_is_no_rival() -> None:
    show = scored_show(60, (20, 32, 2), nats=4.0)
    show.evidence[20:32, 1, NAME] = 2.0
    show.evidence[20:32:4, 1, NAME] = 6.0
    bundle = the_candidate(replace(show, bundle_entry_score=-3.0))
    assert bundle.products == (2, 1)
    assert bundle.product_features.margin == pytest.approx(show.identity[20:32, 2].sum())


def test_in_a_catalogue_of_one_product_all_that_speaks_for_it_is_its_lead() -> None:
    candidate = the_candidate(scored_show(60, (20, 32, 0), products=1))
    assert candidate.product_features.margin == pytest.approx(36.0)


def test_evidence_of_more_kinds_makes_a_product_surer_than_as_much_of_one() -> None:
    one_kind, two_kinds = scored_show(60, (20, 32, 1)), scored_show(60, (20, 32, 1))
    two_kinds.evidence[20:32, 1, NAME] = two_kinds.evidence[20:32, 1, EVIDENCE_KINDS.index("title")] = 1.5
    assert the_candidate(two_kinds).product_features.words == 2.0
    assert the_take(one_kind).product_confidence < the_take(two_kinds).product_confidence


def test_a_show_whose_catalogue_fits_makes_each_of_its_takes_surer() -> None:
    alone = scored_show(120, (10, 22, 1))
    alone.evidence[10:22, 1, NAME] = 0.7
    among_sure = replace(alone, evidence=alone.evidence.copy(), opening=alone.opening.copy())
    for kind in range(4):
        among_sure.evidence[60:72, 0, kind] = among_sure.evidence[90:102, 2, kind] = 3.0
    first = segment_takes(among_sure, MODEL, EVERYTHING).takes[0]
    assert first.product_ids == ("p1",)
    assert first.product_confidence > the_take(alone).product_confidence


# --- runners-up


@pytest.mark.parametrize("seed", range(6))
def test_runners_up_are_few_and_the_likeliest_come_first(seed: int) -> None:
    takes = takes_and_suggestions(random_show(seed))
    assert takes
    for take in takes:
        for others, most in ((take.other_products, MAX_OTHER_PRODUCTS), (take.other_starts, MAX_OTHER_STARTS)):
            chances = [each.chance for each in others]
            assert len(chances) <= most
            assert chances == sorted(chances, reverse=True)


@pytest.mark.parametrize("seed", range(6))
def test_chances_of_products_add_up_to_one_at_most(seed: int) -> None:
    for take in takes_and_suggestions(random_show(seed)):
        assert take.product_confidence + sum(other.chance for other in take.other_products) <= 1 + 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_chances_of_starts_add_up_to_one_at_most(seed: int) -> None:
    for take in takes_and_suggestions(random_show(seed)):
        assert take.start_confidence + sum(other.chance for other in take.other_starts) <= 1 + 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_no_start_is_right_for_two_landings(seed: int) -> None:
    for take in takes_and_suggestions(random_show(seed)):
        landings = sorted([take.seek, *(other.seek for other in take.other_starts)])
        assert all(later - sooner > MAX_EARLY_SEEK_S + MAX_LATE_SEEK_S for sooner, later in pairwise(landings))


@pytest.mark.parametrize("seed", range(6))
def test_no_product_of_a_take_is_its_own_runner_up(seed: int) -> None:
    for take in takes_and_suggestions(random_show(seed)):
        assert not set(take.product_ids) & {other.product_id for other in take.other_products}


def test_the_product_that_is_nearly_as_likely_is_the_first_runner_up() -> None:
    show = replace(scored_show(60, (20, 32, 1), products=5), bundle_entry_score=-50.0)
    show.evidence[20:32, 3, NAME] = 2.8
    assert [other.product_id for other in the_take(show).other_products] == ["p3"]


def test_where_nothing_else_is_likely_there_is_no_other_product() -> None:
    assert the_take(scored_show(60, (20, 32, 1))).other_products == ()


def test_another_opening_is_another_start() -> None:
    show = scored_show(60, (20, 32, 1))
    show.opening[24] = 1.5
    show.evidence[20:24, 1, NAME] = 0.4
    take = the_take(show)
    starts = {take.seek, *(other.seek for other in take.other_starts)}
    assert {20 * UNIT_S, 24 * UNIT_S} <= starts


def test_a_catalogue_of_one_product_has_no_other() -> None:
    assert the_take(scored_show(60, (20, 32, 0), products=1)).other_products == ()


def test_a_show_of_one_unit_has_no_other_start() -> None:
    show = replace(scored_show(1, (0, 1, 0), products=1, nats=20.0), unit_ends=np.array([60.0]))
    assert the_take(show).other_starts == ()


# --- why


def nats_by_kind(take: Take) -> dict[str, float]:
    return {evidence.kind: evidence.nats for evidence in take.evidence}


def test_a_take_says_what_spoke_for_it_by_kind() -> None:
    show = scored_show(60, (20, 32, 1))
    show.evidence[22, 1, EVIDENCE_KINDS.index("price")] = 2.0
    show.evidence[25, 1, EVIDENCE_KINDS.index("log")] = -1.5
    found = nats_by_kind(the_take(show))
    assert (found["name"], found["price"], found["log"]) == pytest.approx((36.0, 2.0, -1.5))
    assert "picture" not in found


def test_a_take_says_what_its_talk_its_start_and_its_end_are_worth() -> None:
    show = scored_show(60, (20, 32, 1))
    show.product_opening[20, 1], show.product_closing[31, 1] = 1.0, 2.5
    found = nats_by_kind(the_take(show))
    assert (found["talk"], found["start"], found["end"]) == pytest.approx((-3.6, 3.0, 2.5))


def test_the_next_product_speaks_against_a_take() -> None:
    show = replace(scored_show(60, (20, 32, 1)), bundle_entry_score=-50.0)
    show.evidence[20:32, 2, NAME] = 2.0
    assert nats_by_kind(the_take(show))["rival"] == pytest.approx(-24.0)


@pytest.mark.parametrize("products", [1, 3])
def test_where_nothing_speaks_for_another_product_the_rival_is_plainly_0(products: int) -> None:
    rival = nats_by_kind(the_take(scored_show(60, (20, 32, 0), products=products)))["rival"]
    assert str(rival) == "0.0"
