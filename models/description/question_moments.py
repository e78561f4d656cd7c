"""Viewers' questions among those that hosts ask: a question that is read out, or one that is answered.

Hosts ask all the time for a nod (对不对, 明白吗, "right?"), or ask and go on. Such questions are no moments.
"""

import re
from collections.abc import Mapping

from domain.clock import Seconds
from domain.session import Language
from domain.speech import Sentence
from models.description.wording_phrases import has_phrase
from models.text.typography import display_width

MIN_QUESTION_COLUMNS = 12  # "See?" asks nothing
VIEWER_BONUS, SHORT_QUESTION_PENALTY = 0.3, 0.4
MAX_ANSWER_DELAY_S: Seconds = 4.0  # hosts answer at once, or have turned to something else
QUESTION_END = re.compile(r"[?？]|[吗呢](?=[,，。\s])")


def question_scores(
    sentences: Mapping[int, Sentence], probabilities: Mapping[int, float], language: Language
) -> dict[int, float]:
    """By number of the sentence, how much it is a viewer's question; 0 for the host's own.

    `probabilities`: that it has to do with questions, by its words and those around it.
    """
    return {
        number: probability + VIEWER_BONUS - SHORT_QUESTION_PENALTY * _is_short(sentences[number])
        if _is_viewers_question(number, sentences, language)
        else 0.0
        for number, probability in probabilities.items()
    }


def _is_short(sentence: Sentence) -> bool:
    return display_width(sentence.text) < MIN_QUESTION_COLUMNS


def _is_viewers_question(number: int, sentences: Mapping[int, Sentence], language: Language) -> bool:
    text = sentences[number].text
    if has_phrase(text, "asked", language):
        return True
    if has_phrase(text, "rhetorical", language) or not has_phrase(text, "wonders", language):
        return False
    return _is_answered(number, sentences, language)


def _is_answered(number: int, sentences: Mapping[int, Sentence], language: Language) -> bool:
    """Whether an answer begins after the question, in its sentence or in the next."""
    question_end = QUESTION_END.search(sentences[number].text)
    rest = sentences[number].text[question_end.end() :].lstrip(" ,，。?？") if question_end else ""
    if rest:
        return has_phrase(rest, "answers", language)
    following = sentences.get(number + 1)
    if following is None or following.start - sentences[number].end > MAX_ANSWER_DELAY_S:
        return False
    return has_phrase(following.text.lstrip(), "answers", language)
