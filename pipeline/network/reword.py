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
from domain.highlight import DescribedTake, DescribedTakes
from domain.rewording import ModelAnswer, Rewordings, Wording
from domain.speech import Transcript
from models.description.llm_rewording import Question, wording_in
from models.text.clauses import spoken_sentences
from pipeline.engine.serialization import write_artefact
from pipeline.engine.store import KEY_LENGTH, Receipt, Ref, Store, content_digest
from pipeline.network.language_model import Chat
from pipeline.review.public_view import highlight_id

STAGE = "reword"  # what receipts and report.json call it
VERSION = 1  # of the questions
MOST_FAILURES = 2  # in a row; then the server is taken to be down, and no more is asked of it this time


@dataclass(frozen=True, slots=True)
class Reworded:
    """Where the words are, the answers that they were made of, which of those are new, and what people should know."""

    rewordings: Ref
    answers: tuple[Ref, ...]
    asked: tuple[Ref, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The artefacts that questions are made of."""

    described: DescribedTakes
    transcript: Transcript
    catalog: Catalog

    @staticmethod
    def of(store: Store, have: Mapping[type, Ref]) -> "Words":
        return Words(store.load(have[DescribedTakes]), store.load(have[Transcript]), store.load(have[Catalog]))

    def question(self, take: DescribedTake) -> Question:
        inside = {n: s for n, s in enumerate(self.transcript.sentences) if take.take.span.holds(s.start)}
        said = tuple(spoken.text for spoken in spoken_sentences(inside, self.transcript.language))
        products = tuple(self.catalog.by_id[product_id] for product_id in take.take.product_ids)
        return Question(self.transcript.language, products, said, Wording(take.title, take.summary))


def reword(store: Store, session_id: str, have: Mapping[type, Ref], chat: Chat) -> Reworded:
    """Ask for the words of every published take; those that it has no usable answer for keep their own."""
    words = Words.of(store, have)
    asking = _Asking(store, session_id, chat)
    wordings: dict[str, Wording] = {}
    for take in words.described.takes:
        question = words.question(take)
        answer = asking.answer(question)
        others = [product for product in words.catalog if product.product_id not in take.take.product_ids]
        if answer is not None:
            try:
                wordings[highlight_id(session_id, take.take)] = wording_in(answer, question, others)
            except InvalidValue as problem:
                asking.unused[str(problem)] += 1
    pieces = tuple(f"{ref.kind.__name__}/{ref.key}" for ref in asking.answers)
    rewordings = store.put(session_id, Rewordings(wordings), stage=STAGE, pieces=pieces)
    return Reworded(rewordings, tuple(asking.answers), tuple(asking.asked), tuple(asking.warnings()))


class _Asking:
    """One round of questions about a session: what was answered, and what went wrong."""

    def __init__(self, store: Store, session_id: str, chat: Chat) -> None:
        self._store, self._session_id, self._chat = store, session_id, chat
        self._failures: list[ToolError] = []
        self._failures_in_a_row = 0
        self._unasked = 0
        self.answers: list[Ref] = []
        self.asked: list[Ref] = []
        self.unused = Counter[str]()

    def answer(self, question: Question) -> str | None:
        """The answer that is kept, else a new one; None where there is none."""
        ref = Ref(self._session_id, ModelAnswer, _key(question, self._chat))
        if not self._store.has(ref) and not self._ask(ref, question):
            return None
        self.answers.append(ref)
        kept: ModelAnswer = self._store.load(ref)
        return kept.text

    def warnings(self) -> Iterator[str]:
        without = len(self._failures) + self._unasked
        if without:
            yield f"takes that keep their own words, for want of the language model's: {without} ({self._failures[-1]})"
        for problem, count in sorted(self.unused.items()):
            yield f"answers of the language model that were not used: {count} ({problem})"

    def _ask(self, ref: Ref, question: Question) -> bool:
        if self._failures_in_a_row >= MOST_FAILURES:
            self._unasked += 1
            return False
        began = time.monotonic()
        try:
            text = self._chat.ask(question.instruction, question.data)
        except ToolError as failure:
            self._failures.append(failure)
            self._failures_in_a_row += 1
            return False
        self._failures_in_a_row = 0
        self._keep(ref, text, time.monotonic() - began)
        self.asked.append(ref)
        return True

    def _keep(self, ref: Ref, text: str, took_s: float) -> None:
        answer = ModelAnswer(text)
        settings = {"model": self._chat.model.model, "most_tokens": self._chat.model.most_tokens}
        with self._store.workspace(ref) as space:
            write_artefact(answer, space.scratch)
            content = content_digest(ModelAnswer, space.scratch, answer)
            receipt = Receipt(STAGE, VERSION, content, settings=settings, wall_seconds=round(took_s, 3))
            self._store.commit(ref, space, receipt)


def _key(question: Question, chat: Chat) -> str:
    """Named by all that may change the answer; neither by where the model stands nor by how patient we are."""
    asked = [VERSION, chat.model.model, chat.model.most_tokens, question.instruction, question.data]
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()[:KEY_LENGTH]
