"""Better words for a show's highlights, from a language model: asked by the runner between two stages.

Stages read no network, so what the model said comes in like people's edits and captions do: as a given artefact. Each
answer is kept in the store, named by its question and the model; the same question is never asked twice.
"""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.catalog import Catalog
from domain.errors import InvalidValue, ToolError
from domain.highlight import DescribedTake, DescribedTakes, HighlightWording, LanguageModelAnswer, RewordedHighlights
from domain.speech import Transcript
from models.description.llm_rewording import RewordingRequest, parse_wording
from models.text.clauses import join_clauses
from pipeline.engine.serialization import write_artefact
from pipeline.engine.store import KEY_LENGTH, ArtefactRef, Receipt, Store, content_digest
from pipeline.network.language_model import ChatClient
from pipeline.review.public_view import highlight_id

REWORD_STAGE = "reword"  # what receipts and report.json call it
PROMPT_VERSION = 1  # of the questions
MAX_CONSECUTIVE_FAILURES = 2  # in a row; then the server is taken to be down, and no more is asked of it this time


@dataclass(frozen=True, slots=True)
class RewordingResult:
    """Where the words are, the answers that they were made of, which of those are new, and what people should know."""

    rewordings: ArtefactRef
    answers: tuple[ArtefactRef, ...]
    new_answers: tuple[ArtefactRef, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RewordingInputs:
    """The artefacts that questions are made of."""

    described: DescribedTakes
    transcript: Transcript
    catalog: Catalog

    @staticmethod
    def load(store: Store, available: Mapping[type, ArtefactRef]) -> "RewordingInputs":
        return RewordingInputs(
            store.load(available[DescribedTakes]), store.load(available[Transcript]), store.load(available[Catalog])
        )

    def question_for(self, take: DescribedTake) -> RewordingRequest:
        sentences_in_take = {n: s for n, s in enumerate(self.transcript.sentences) if take.take.span.contains(s.start)}
        clauses = tuple(spoken.text for spoken in join_clauses(sentences_in_take, self.transcript.language))
        products = tuple(self.catalog.by_id[product_id] for product_id in take.take.product_ids)
        return RewordingRequest(self.transcript.language, products, clauses, HighlightWording(take.title, take.summary))


def reword(store: Store, session_id: str, available: Mapping[type, ArtefactRef], chat: ChatClient) -> RewordingResult:
    """Ask for the words of every published take; those that it has no usable answer for keep their own."""
    inputs = RewordingInputs.load(store, available)
    session = _QuestionSession(store, session_id, chat)
    wordings: dict[str, HighlightWording] = {}
    for take in inputs.described.takes:
        question = inputs.question_for(take)
        answer = session.answer(question)
        other_products = [product for product in inputs.catalog if product.product_id not in take.take.product_ids]
        if answer is not None:
            try:
                wordings[highlight_id(session_id, take.take)] = parse_wording(answer, question, other_products)
            except InvalidValue as problem:
                session.rejected[str(problem)] += 1
    pieces = tuple(f"{ref.kind.__name__}/{ref.key}" for ref in session.answers)
    rewordings = store.put(session_id, RewordedHighlights(wordings), stage=REWORD_STAGE, pieces=pieces)
    return RewordingResult(rewordings, tuple(session.answers), tuple(session.new_answers), tuple(session.warnings()))


class _QuestionSession:
    """One round of questions about a session: what was answered, and what went wrong."""

    def __init__(self, store: Store, session_id: str, chat: ChatClient) -> None:
        self._store, self._session_id, self._chat = store, session_id, chat
        self._failures: list[ToolError] = []
        self._consecutive_failures = 0
        self._skipped = 0
        self.answers: list[ArtefactRef] = []
        self.new_answers: list[ArtefactRef] = []
        self.rejected = Counter[str]()

    def answer(self, question: RewordingRequest) -> str | None:
        """The answer that is kept, else a new one; None where there is none."""
        ref = ArtefactRef(self._session_id, LanguageModelAnswer, _answer_key(question, self._chat))
        if not self._store.has(ref) and not self._ask(ref, question):
            return None
        self.answers.append(ref)
        stored: LanguageModelAnswer = self._store.load(ref)
        return stored.text

    def warnings(self) -> Iterator[str]:
        unanswered = len(self._failures) + self._skipped
        if unanswered:
            yield (
                f"takes that keep their own words, for want of the "
                f"language model's: {unanswered} ({self._failures[-1]})"
            )
        for problem, count in sorted(self.rejected.items()):
            yield f"answers of the language model that were not used: {count} ({problem})"

    def _ask(self, ref: ArtefactRef, question: RewordingRequest) -> bool:
        if self._consecutive_failures >= MAX_CONSECUTIVE_FAILURES:
            self._skipped += 1
            return False
        start = time.monotonic()
        try:
            text = self._chat.ask(question.instruction, question.payload)
        except ToolError as failure:
            self._failures.append(failure)
            self._consecutive_failures += 1
            return False
        self._consecutive_failures = 0
        self._store_answer(ref, text, time.monotonic() - start)
        self.new_answers.append(ref)
        return True

    def _store_answer(self, ref: ArtefactRef, text: str, wall_s: float) -> None:
        answer = LanguageModelAnswer(text)
        settings = {"model": self._chat.settings.model, "max_tokens": self._chat.settings.max_tokens}
        with self._store.workspace(ref) as space:
            write_artefact(answer, space.scratch)
            content = content_digest(LanguageModelAnswer, space.scratch, answer)
            receipt = Receipt(REWORD_STAGE, PROMPT_VERSION, content, settings=settings, wall_seconds=round(wall_s, 3))
            self._store.commit(ref, space, receipt)


def _answer_key(question: RewordingRequest, chat: ChatClient) -> str:
    """Named by all that may change the answer; neither by where the model stands nor by how patient we are."""
    key_inputs = [PROMPT_VERSION, chat.settings.model, chat.settings.max_tokens, question.instruction, question.payload]
    return hashlib.sha256(json.dumps(key_inputs, ensure_ascii=False).encode()).hexdigest()[:KEY_LENGTH]
