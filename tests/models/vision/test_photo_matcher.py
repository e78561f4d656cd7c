"""Which product is held up, by the colours of the catalogue's photos."""

from collections.abc import Sequence

import numpy as np

from domain.clock import Span
from domain.evidence import FloatArray
from domain.vision import ForegroundObjects
from models.vision.colour_histogram import COLOUR_BINS
from models.vision.photo_matcher import match_photos, match_trust, photo_histogram

RED, BLUE, GREEN, SKIN = 10, 60, 110, 160
PHOTOS = {"red": {RED: 0.8, RED + 8: 0.2}, "blue": {BLUE: 1.0}, "green": {GREEN: 0.7, RED: 0.3}}


def colours(shares: dict[int, float]) -> FloatArray:
    made = np.zeros(COLOUR_BINS)
    for colour, share in shares.items():
        made[colour] = share
    return made


def objects(*seen: tuple[float, dict[int, float]], scenery: dict[int, float] | None = None) -> ForegroundObjects:
    """Things seen at these times, 6 s each."""
    starts = np.array([start for start, _ in seen], dtype=np.float64)
    return ForegroundObjects(
        starts=starts,
        ends=starts + 6.0,
        boxes=np.tile([0.4, 0.5, 0.6, 0.7], (len(seen), 1)),
        colour_histograms=np.array([colours(shares) for _, shares in seen]).reshape(-1, COLOUR_BINS),
        background_histograms=np.tile(colours(scenery or {}), (len(seen), 1)),
    )


def sighted(held: ForegroundObjects, photos: dict[str, dict[int, float]] = PHOTOS) -> list[tuple[Sequence[str], Span]]:
    sightings = match_photos(held, {product_id: colours(shares) for product_id, shares in photos.items()})
    return [(sighting.product_ids, sighting.span) for sighting in sightings]


def test_a_thing_is_the_product_whose_colours_it_has() -> None:
    assert sighted(objects((12.0, {BLUE: 0.9, SKIN: 0.1}))) == [(("blue",), Span(12, 18))]


def test_a_thing_that_looks_like_no_product_is_left_alone() -> None:
    assert sighted(objects((12.0, {SKIN: 0.8, BLUE: 0.2}))) == []


def test_products_of_the_same_colours_share_the_sighting() -> None:
    twins = {**PHOTOS, "sky": {BLUE: 0.95, GREEN: 0.05}}

    assert sighted(objects((12.0, {BLUE: 1.0})), twins) == [(("blue", "sky"), Span(12, 18))]


def test_a_thing_that_looks_like_many_products_is_left_alone() -> None:
    assert sighted(objects((12.0, {BLUE: 1.0})), {f"blue {number}": {BLUE: 1.0} for number in range(4)}) == []


def test_looks_that_follow_each_other_are_one_sighting_and_weigh_more() -> None:
    held = objects((12.0, {BLUE: 1.0}), (18.0, {BLUE: 0.9, RED: 0.1}), (80.0, {BLUE: 1.0}))
    long, short = match_photos(held, {name: colours(shares) for name, shares in PHOTOS.items()})

    assert (long.span, short.span) == (Span(12, 24), Span(80, 86))
    assert long.weight > short.weight


def test_a_second_look_tells_apart_what_the_first_did_not() -> None:
    alike = {"plain": {BLUE: 1.0}, "dotted": {BLUE: 0.55, RED: 0.45}}
    first, second = {BLUE: 0.85, RED: 0.15}, {BLUE: 0.55, RED: 0.45}

    assert [ids for ids, _ in sighted(objects((12.0, first)), alike)] == [("dotted", "plain")]
    assert [ids for ids, _ in sighted(objects((12.0, first), (18.0, second), (24.0, second)), alike)] == [("dotted",)]


def test_another_product_in_between_is_a_sighting_of_its_own() -> None:
    held = objects((12.0, {BLUE: 1.0}), (18.0, {RED: 0.8, RED + 8: 0.2}), (24.0, {BLUE: 1.0}))

    assert sighted(held) == [(("blue",), Span(12, 30)), (("red",), Span(18, 24))]


def test_the_hand_does_not_count() -> None:
    """Its colour is on everything that is held; here it is also most of a product's own."""
    photos = {**PHOTOS, "tan": {SKIN: 1.0}}
    held = [(12.0 * number, {SKIN: 0.7, colour: 0.3}) for number, colour in enumerate([BLUE, GREEN, RED] * 4)]

    assert {ids for ids, _ in sighted(objects(*held), photos)} == {("blue",), ("green",), ("red",)}


def test_colours_that_the_scene_has_anyway_tell_nothing() -> None:
    assert sighted(objects((12.0, {BLUE: 1.0}), scenery={BLUE: 0.2})) == []


def test_a_likeness_is_trusted_as_far_as_decoys_do_not_reach_it() -> None:
    random = np.random.default_rng(0)
    chance = random.normal(0.55, 0.1, (11, 40)).clip(0, 1)
    alike = np.append(random.normal(0.85, 0.05, 30), random.normal(0.55, 0.1, 10)).clip(0, 1)
    trust = match_trust(alike, chance)

    assert trust[:30].min() > 0.8
    assert trust[alike < 0.5].max() < 0.85


def test_photos_that_do_no_better_than_decoys_are_not_trusted_at_all() -> None:
    """Objects of another show, or ones that do not look like their photos."""
    random = np.random.default_rng(0)
    chance = random.normal(0.6, 0.1, (11, 40)).clip(0, 1)

    assert match_trust(random.normal(0.6, 0.1, 40).clip(0, 1), chance).max() == 0.0


def test_photos_that_match_most_objects_no_better_than_one_decoy_are_not_trusted_at_all() -> None:
    """Another shop's fruit: as yellow as the catalogue's, while most decoys have hues that no fruit has."""
    other_hues = np.full((10, 42), 0.26)
    own_palette = np.tile([0.30, 0.48, 0.48], 14)[None]

    assert match_trust(np.full(42, 0.45), np.concatenate([other_hues, own_palette])).max() == 0.0


def test_without_photos_or_things_nothing_is_seen() -> None:
    assert sighted(objects((12.0, {BLUE: 1.0})), {}) == []
    assert sighted(objects()) == []


def test_the_product_on_a_photo_is_what_its_border_is_not() -> None:
    photo = np.full((60, 60, 3), 250, dtype=np.uint8)
    photo[20:40, 20:40] = (200, 40, 30)
    other = np.full((60, 60, 3), (90, 160, 90), dtype=np.uint8)
    other[20:40, 20:40] = (200, 40, 30)
    one_colours, other_colours = photo_histogram(photo), photo_histogram(other)

    assert one_colours is not None
    assert other_colours is not None
    assert np.allclose(one_colours, other_colours)


def test_a_plain_photo_has_no_product() -> None:
    assert photo_histogram(np.full((60, 60, 3), 250, dtype=np.uint8)) is None
