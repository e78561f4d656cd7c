"""Mentions in the transcripts of real shows."""

import json
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
    """The true transcript of a show, without a recogniser's errors."""
    truth = json.loads((SHOWS / show / "truth.json").read_text(encoding="utf-8"))
    sentences = [Sentence.with_even_timing(Span(u["start"], u["end"]), u["text"]) for u in truth["utterances"]]
    return Transcript("en" if show.startswith("en") else "zh", "speech", tuple(sentences))


def named(show: str) -> list[set[str]]:
    """The products mentioned by name in every utterance, by the truth."""
    truth = json.loads((SHOWS / show / "truth.json").read_text(encoding="utf-8"))
    return [set(utterance["mentions"]) for utterance in truth["utterances"]]


def catalog_of(show: str) -> Catalog:
    return read_catalog(SHOWS / show / "catalog.json", None).catalog


def mentions_of(show: str) -> LinkedMentions:
    return LinkMentions()(spoken(show), catalog_of(show))


def weights(mentions: LinkedMentions, sentences: range) -> dict[str, float]:
    """Nats for each product of the mentions in these sentences; shared mentions count for nobody."""
    total: dict[str, float] = {}
    for mention in mentions.mentions:
        if mention.sentence_index in sentences and len(mention.product_ids) == 1:
            total[mention.product_ids[0]] = total.get(mention.product_ids[0], 0.0) + mention.weight
    return total


@pytest.mark.parametrize("show", ["zh-mini", "en-mini"])
def test_each_explanation_of_a_show_mentions_its_product_most(show: str) -> None:
    truth = json.loads((SHOWS / show / "truth.json").read_text(encoding="utf-8"))
    mentions, transcript = mentions_of(show), spoken(show)
    for explained in truth["highlights"]:
        inside = [i for i, s in enumerate(transcript.sentences) if explained["start"] <= s.start < explained["end"]]
        nats = weights(mentions, range(inside[0], inside[-1] + 1))
        assert max(nats, key=lambda product_id: nats[product_id]) == explained["product_ids"][0]


def test_products_named_in_passing_are_mentioned_there() -> None:
    for show in ("zh-mini", "en-mini"):
        mentions = mentions_of(show).mentions
        for index, named_ids in enumerate(named(show)):
            assert named_ids <= {
                p for mention in mentions if mention.sentence_index == index for p in mention.product_ids
            }


def test_every_mention_of_a_show_stands_in_its_sentence_at_its_time() -> None:
    for show in ("zh-mini", "en-mini"):
        sentences = spoken(show).sentences
        mentions = mentions_of(show).mentions
        assert len(mentions) > 15
        for mention in mentions:
            sentence = sentences[mention.sentence_index]
            start = sentence.char_starts.index(mention.span.start)
            assert sentence.text[start : start + len(mention.text)] == mention.text
            assert sentence.span_of(start, start + len(mention.text)) == mention.span


@pytest.mark.slow
def test_twelve_hours_and_three_hundred_products_are_linked_before_the_time_limit() -> None:
    show_sentences = spoken("zh-mini").sentences
    characters = sum(len(sentence.text) for sentence in show_sentences)
    sentences = tuple(
        Sentence.with_even_timing(Span(4.5 * i, 4.5 * i + 4), show_sentences[i % len(show_sentences)].text)
        for i in range(200_000 * len(show_sentences) // characters)
    )
    products = tuple(
        replace(product, product_id=f"{copy}-{product.product_id}", link_no=None, short_name=f"{copy}代{product.name}")
        for copy in range(50)
        for product in catalog_of("zh-mini")
    )
    linked = LinkMentions()(Transcript("zh", "speech", sentences), Catalog(products))
    assert len(linked.mentions) > 10_000
