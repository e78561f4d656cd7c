"""Where words point at products, in real shows."""

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from domain.catalog import Catalog
from domain.clock import Span
from domain.evidence import LinkedMentions
from domain.speech import Sentence, Transcript
from pipeline.inputs.catalog import read_catalog
from pipeline.stages.speech.link_mentions import LinkMentions

SHOWS = Path(__file__).parents[4] / "fixtures" / "shows"


def spoken(show: str) -> Transcript:
    """What the hosts of a show said, as its truth has it: no recogniser in between."""
    truth = json.loads((SHOWS / show / "truth.json").read_text(encoding="utf-8"))
    said = [Sentence.with_even_timing(Span(u["start"], u["end"]), u["text"]) for u in truth["utterances"]]
    return Transcript("en" if show.startswith("en") else "zh", "speech", tuple(said))


def named(show: str) -> list[set[str]]:
    """For every utterance, the products that its truth says were mentioned by name."""
    truth = json.loads((SHOWS / show / "truth.json").read_text(encoding="utf-8"))
    return [set(utterance["mentions"]) for utterance in truth["utterances"]]


def catalog_of(show: str) -> Catalog:
    return read_catalog(SHOWS / show / "catalog.json", None).catalog


def mentions_of(show: str) -> LinkedMentions:
    return LinkMentions()(spoken(show), catalog_of(show))


def weights(mentions: LinkedMentions, sentences: range) -> dict[str, float]:
    """What the mentions in these sentences say for each product; shared ones for nobody."""
    total: dict[str, float] = {}
    for mention in mentions.mentions:
        if mention.sentence_index in sentences and len(mention.product_ids) == 1:
            total[mention.product_ids[0]] = total.get(mention.product_ids[0], 0.0) + mention.weight
    return total


@pytest.mark.parametrize("show", ["zh-mini", "en-mini"])
def test_each_explanation_of_a_show_speaks_loudest_of_its_product(show: str) -> None:
    truth = json.loads((SHOWS / show / "truth.json").read_text(encoding="utf-8"))
    mentions, transcript = mentions_of(show), spoken(show)
    for explained in truth["highlights"]:
        inside = [i for i, s in enumerate(transcript.sentences) if explained["start"] <= s.start < explained["end"]]
        heard = weights(mentions, range(inside[0], inside[-1] + 1))
        assert max(heard, key=lambda product_id: heard[product_id]) == explained["product_ids"][0]


def test_products_named_in_passing_are_mentioned_there() -> None:
    for show in ("zh-mini", "en-mini"):
        found = mentions_of(show).mentions
        for number, products in enumerate(named(show)):
            assert products <= {p for mention in found if mention.sentence_index == number for p in mention.product_ids}


def test_every_mention_of_a_show_stands_in_its_sentence_at_its_time() -> None:
    for show in ("zh-mini", "en-mini"):
        sentences = spoken(show).sentences
        mentions = mentions_of(show).mentions
        assert len(mentions) > 15
        for mention in mentions:
            said = sentences[mention.sentence_index]
            start = said.char_starts.index(mention.span.start)
            assert said.text[start : start + len(mention.text)] == mention.text
            assert said.span_of(start, start + len(mention.text)) == mention.span


@pytest.mark.slow
def test_twelve_hours_and_three_hundred_products_take_seconds() -> None:
    said = spoken("zh-mini").sentences
    show: list[Sentence] = []
    clock = 0.0
    while sum(len(sentence.text) for sentence in said) * len(show) / len(said) < 200_000:
        text = said[len(show) % len(said)].text
        show.append(Sentence.with_even_timing(Span(clock, clock + 4), text))
        clock += 4.5
    shelf = tuple(
        replace(product, product_id=f"{copy}-{product.product_id}", link_no=None, short_name=f"{copy}代{product.name}")
        for copy in range(50)
        for product in catalog_of("zh-mini")
    )
    began = time.process_time()
    found = LinkMentions()(Transcript("zh", "speech", tuple(show)), Catalog(shelf))
    assert time.process_time() - began < 60
    assert len(found.mentions) > 10_000
