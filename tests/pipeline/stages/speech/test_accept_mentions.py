"""Mentions in given captions."""

from domain.clock import Span
from domain.evidence import LinkedMentions, Mention, Mentions
from pipeline.stages.speech.accept_mentions import AcceptMentions


def test_mentions_in_given_captions_are_accepted_as_they_are() -> None:
    mentions = (Mention("name", ("锅",), Span(1, 2), 0, "炊大皇", 3.0),)
    assert AcceptMentions()(LinkedMentions(mentions)) == Mentions(mentions)
