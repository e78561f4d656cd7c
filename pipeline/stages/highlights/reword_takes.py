"""Better titles and summaries from a language model. Code checks every answer before it is used."""

import dataclasses
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from domain.catalog import Catalog
from domain.clock import Seconds
from domain.errors import InvalidValue
from domain.highlight import (
    DescribedTake,
    DescribedTakes,
    HighlightWording,
    LanguageModelAnswer,
    LanguageModelQuestion,
    RewordedHighlights,
)
from domain.session import Session
from domain.speech import Transcript
from pipeline.engine.stage import NO_SPAN, NOT_IN_KEY, ApiKey, Needs, Part, PartSpec
from pipeline.review.public_view import highlight_id

if TYPE_CHECKING:
    from models.description.llm_rewording import RewordingRequest
    from pipeline.network.language_model import ChatClient


@dataclass(frozen=True)
class RewordTakes:
    """Ask a language model for a better title and summary of every published take, and check its answers.

    It is off, and gives nothing, while `address` is empty. A part is one question. Its answer is kept as it came, under
    a key of the question, `model` and `max_tokens`, and checked again in each join.
    """

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs(network=True)
    tools: ClassVar[tuple[str, ...]] = ()
    failure_warning: ClassVar[str] = "takes that keep their own words, for want of the language model's"
    address: str = field(default="", metadata=NOT_IN_KEY)
    model: str = ""
    timeout_s: Seconds = field(default=30.0, metadata=NOT_IN_KEY)
    max_tokens: int = 400
    max_attempts: int = field(default=2, metadata=NOT_IN_KEY)
    retry_pause_s: Seconds = field(default=2.0, metadata=NOT_IN_KEY)

    def __post_init__(self) -> None:
        self.client(ApiKey())

    @property
    def is_enabled(self) -> bool:
        return bool(self.address)

    def client(self, api_key: ApiKey) -> "ChatClient":
        """Who answers. Raises SettingsError for a key that no server may be sent, InvalidValue for wrong settings."""
        from pipeline.network.language_model import ChatClient

        return ChatClient(**dataclasses.asdict(self), api_key=api_key.text)

    def parts(self, described: DescribedTakes, transcript: Transcript, catalog: Catalog) -> tuple[PartSpec, ...]:
        questions = (_question(request) for _, request in _requests(described, transcript, catalog))
        return tuple(PartSpec(NO_SPAN, question) for question in dict.fromkeys(questions))

    def __call__(self, part: Part, api_key: ApiKey) -> LanguageModelAnswer:
        question: LanguageModelQuestion = part.payload
        return LanguageModelAnswer(question, self.client(api_key).ask(question.instruction, question.data))

    def join(
        self,
        pieces: tuple[LanguageModelAnswer, ...],
        session: Session,
        described: DescribedTakes,
        transcript: Transcript,
        catalog: Catalog,
    ) -> RewordedHighlights:
        if not pieces:
            return RewordedHighlights()
        from models.description.llm_rewording import parse_wording

        answers = {answer.question: answer.text for answer in pieces}
        wordings: dict[str, HighlightWording] = {}
        problems = Counter[str]()
        for take, request in _requests(described, transcript, catalog):
            answer = answers.get(_question(request))
            other_products = [each for each in catalog if each.product_id not in take.take.product_ids]
            if answer is not None:
                try:
                    wordings[highlight_id(session.id, take.take)] = parse_wording(answer, request, other_products)
                except InvalidValue as problem:
                    problems[str(problem)] += 1
        return RewordedHighlights(wordings, tuple(_warnings(problems)))


def _requests(
    described: DescribedTakes, transcript: Transcript, catalog: Catalog
) -> Iterator[tuple[DescribedTake, "RewordingRequest"]]:
    """Every published take, and what is asked about it."""
    from models.description.llm_rewording import RewordingRequest
    from models.text.clauses import join_clauses

    for take in described.takes:
        sentences = {n: s for n, s in enumerate(transcript.sentences) if take.take.span.contains(s.start)}
        clauses = tuple(clause.text for clause in join_clauses(sentences, transcript.language))
        products = tuple(catalog.by_id[product_id] for product_id in take.take.product_ids)
        wording = HighlightWording(take.title, take.summary)
        yield take, RewordingRequest(transcript.language, products, clauses, wording)


def _question(request: "RewordingRequest") -> LanguageModelQuestion:
    return LanguageModelQuestion(request.instruction, request.payload)


def _warnings(problems: Counter[str]) -> Iterator[str]:
    for problem, count in sorted(problems.items()):
        yield f"answers of the language model that were not used: {count} ({problem})"
