"""Why a show's takes were found and why some were not published: a line a take, or all that is known of each."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from domain.highlight import Highlight, HighlightsFile, TakesFile
from domain.session import Language
from domain.text import format_hms, printable
from pipeline.review.judgement_words import (
    PHRASES,
    SEPARATOR,
    chances_text,
    evidence_against,
    evidence_for,
    evidence_text,
    judgement_lines,
    withheld_text,
)
from pipeline.review.match_takes import find_take

LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set says the language (POSIX)
DETAIL_INDENT = 2  # columns
SHORT_SELECTIONS = ((1, 0), (1, 1), (2, 1), (3, 1), (3, 2))
"""How many kinds of evidence for and against the line of a take has: the last selection that fits."""
WORDS: Mapping[Language, Mapping[str, str]] = {
    "zh": {
        "heading": "依据，单位 nat（+0.7 约为两倍可能，+2.3 约为十倍）",
        "more": "；加 --why 看全部",
        "nothing": "没有一处有商品足够像是在讲解",
        "nothing_from": "（商品把握低于 {:.2f}）",
        "no_reasons": "takes.json 没有依据：请重新运行 kandian run",
    },
    "en": {
        "heading": "Why, in nats: +0.7 is twice as likely, +2.3 ten times",
        "more": "; all of it with --why",
        "nothing": "Nowhere was a product likely enough to be suggested",
        "nothing_from": " (product below {:.2f})",
        "no_reasons": "takes.json has no reasons: run the session again with kandian run",
    },
}


def terminal_language(encoding: str, environment: Mapping[str, str] = os.environ) -> Language:
    """Chinese where the terminal's locale is, and its encoding can write it; else English."""
    locale = next((environment[name] for name in LOCALE_VARIABLES if environment.get(name)), "")
    is_chinese = locale.lower().startswith("zh") and can_write(WORDS["zh"]["nothing"], encoding)
    return "zh" if is_chinese else "en"


@dataclass(frozen=True, slots=True)
class JudgedShow:
    """A show's highlights, the takes that they were made of, and how to speak of them.

    `names` of products by id are printable already.
    """

    file: HighlightsFile
    takes: TakesFile
    names: Mapping[str, str]
    language: Language

    def name(self, product_id: str) -> str:
        return self.names.get(product_id) or product_id


def print_why(show: JudgedShow, console: Console, *, is_whole: bool = False) -> None:
    """Print what spoke for and against every highlight and suggestion, and why suggestions are not published.

    A line each, cut to the console; with `is_whole` all of it.
    """
    words = WORDS[show.language]
    if not (show.file.highlights or show.file.suggestions):
        thresholds = show.takes.thresholds
        limit = words["nothing_from"].format(thresholds.suggestion) if thresholds else ""
        console.print(_text(words["nothing"] + limit, console))
    elif any(take.judgement.evidence for take in (*show.takes.highlights, *show.takes.suggestions)):
        console.print(_text(words["heading"] + ("" if is_whole else words["more"]), console, "dim"))
        _print_entries(show, console, is_whole=is_whole)
    elif is_whole:
        console.print(_text(words["no_reasons"], console))


def _print_entries(show: JudgedShow, console: Console, *, is_whole: bool) -> None:
    for is_suggestion, entries in ((False, show.file.highlights), (True, show.file.suggestions)):
        if is_suggestion and entries:
            console.print(_text(f"{PHRASES[show.language]['withheld']}:", console, "dim"))
        for entry in sorted(entries, key=lambda each: (each.start, each.end)):
            explained = _Explained(entry, show, is_suggestion)
            if is_whole:
                _print_whole(explained, console)
            else:
                console.print(_text(explained.line(console.width), console), overflow="ellipsis", no_wrap=True)


def _print_whole(explained: "_Explained", console: Console) -> None:
    from rich.padding import Padding

    console.print(_text(explained.summary(), console))
    for line in explained.details():
        console.print(Padding(_text(line, console), (0, 0, 0, DETAIL_INDENT), expand=False))


class _Explained:
    """One highlight or suggestion in words."""

    def __init__(self, entry: Highlight, show: JudgedShow, is_suggestion: bool) -> None:
        self._entry, self._show, self._is_suggestion = entry, show, is_suggestion
        self._take = find_take(entry, show.takes)

    def line(self, width: int) -> str:
        """The main product, how sure it is or why it is not published, and the strongest evidence that fits `width`
        columns.
        """
        line = f"{self._heading()}  {self._withheld() if self._is_suggestion else self._chances()}"
        evidence = self._take.judgement.evidence if self._take else ()
        supporting, opposing = evidence_for(evidence), evidence_against(evidence)
        longest = line
        for for_count, against_count in SHORT_SELECTIONS:
            chosen = (*supporting[:for_count], *opposing[:against_count])
            longer = f"{line}; {evidence_text(chosen, self._show.language)}"
            if chosen and cell_len(longer) <= width:
                longest = longer
        return longest

    def summary(self) -> str:
        """The main product, and how sure it is."""
        return f"{self._heading()}  {self._chances()}"

    def details(self) -> tuple[str, ...]:
        """All that is known, a line for each kind of it."""
        show = self._show
        return judgement_lines(self._entry, show.takes, show.language, show.name, is_suggestion=self._is_suggestion)

    def _heading(self) -> str:
        return f"{format_hms(self._entry.seek)} {' + '.join(map(self._show.name, self._entry.product_ids))}"

    def _chances(self) -> str:
        return chances_text(self._entry, self._show.language)

    def _withheld(self) -> str:
        if self._take is None:
            return self._chances()
        return withheld_text(self._entry, self._take, self._show.takes, self._show.language, self._show.name)


def _text(line: str, console: Console, style: str = "") -> Text:
    """`Text` throughout: names come from strangers, and plain strings would be read as rich's markup."""
    plain = line if can_write(SEPARATOR, console.encoding) else line.replace(SEPARATOR, ", ")
    return Text(printable(plain, console.encoding), style)


def can_write(text: str, encoding: str) -> bool:
    """Whether a terminal of this encoding can show `text`."""
    return printable(text, encoding) == text.strip()
