"""The choice of renditions by trials on samples: what each is encoded as, which is copied or left out, and measures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from domain.replay import Encoding, LeftOut, Measure, Rendition, Vmaf
from media.encode.crf_ranges import H264, as_good_h264, crfs_of
from media.encode.crf_search import Crfs, Found, Wish, search
from media.encode.probe_budget import Budget
from media.encode.probe_encodes import Trial, rate_at
from media.encode.samples import Samples
from media.keyframes import Size

NEAREST_CRFS = 2  # two qualities of x264 veryfast are at least so far apart, for a line through them to tell something
FARTHEST_CRFS = 8


@dataclass(frozen=True, slots=True)
class Case:
    """What is tried, and how often it may be; `can_copy`: the recording's picture could be the first rendition."""

    samples: Samples
    budget: Budget
    pictures_a_second: float
    can_copy: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A rendition that will be made: what was tried, what was found, and whether the recorded picture is copied.

    A copy is no larger than the recording, and loses nothing; it is taken where an encode of the wanted quality would
    be larger.
    """

    trial: Trial
    found: Found
    is_copy: bool

    @property
    def rendition(self) -> Rendition:
        return replace(self.trial.rendition, crf=self.found.crf, is_copy=self.is_copy)


@dataclass
class Choosing:
    """Chooses one rendition after the other; what is chosen is `choices`. The limit is in kilobits a second."""

    case: Case
    most_kbps: float
    target: Vmaf
    trials: list[Trial] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    lean: int = 0

    def choose(self, wanted: Encoding, number: int) -> None:
        """The next rendition of `wanted`. The last one is taken whatever its rate is if there is no other."""
        rendition, later = wanted.renditions[number], wanted.renditions[number + 1 :]
        can_copy = number == 0 and self.case.can_copy
        trial = Trial(rendition.name, rendition, self.case.samples, wanted.key_frame_every_s)
        self.trials.append(trial)
        crfs = crfs_of(rendition, self.case.pictures_a_second, self.most_kbps, self.lean)
        made = later if can_copy else (rendition, *later)
        wish = Wish(self.most_kbps, self.target, can_copy)
        found = search(trial.rate, trial.score, crfs, wish, lambda: self._has_time(rendition, later, made))
        if number == 0:
            self.lean = self._lean(trial, crfs)
        is_copy = can_copy and (found is None or found.is_bound)
        if found is None and not is_copy and (later or self.choices):
            self.left_out.append(LeftOut(rendition.name, "is larger than the recorded picture at any quality"))
        else:
            self.choices.append(Choice(trial, found or Found(crfs.last, is_bound=True), is_copy))

    def measures(self) -> Iterator[Measure]:
        """What is known of each choice, in order."""
        rivals: dict[Size, Trial] = {}
        wish = Wish(self.most_kbps, self.target)
        for choice in self.choices:
            trial, crf = choice.trial, choice.found.crf
            if choice.is_copy:
                yield Measure(trial.rendition.name, round(trial.samples.source_kbps, 3), None, None, 0.0)
                continue
            reached = trial.score(crf)
            saved = self._saved(choice, rivals, reached.mean)
            cpu_seconds, missed = round(trial.cpu_seconds[crf], 3), _missed(wish, reached, choice.found)
            yield Measure(trial.rendition.name, round(trial.rates[crf], 3), reached, saved, cpu_seconds, missed)

    def _saved(self, choice: Choice, rivals: dict[Size, Trial], mean_vmaf: float) -> float | None:
        """The share of bits spared of plain x264 veryfast; None where it is too far off, or there is no time to try."""
        rival = rivals.setdefault(Size(choice.rendition.width, choice.rendition.height), _rival(choice.trial))
        if not rival.scores:
            cost = 2 * self.case.budget.look(rival.rendition)
            if not self._can_pay(cost, [each.rendition for each in self.choices if not each.is_copy]):
                return None
            self.trials.append(rival)
            _score_around(rival, mean_vmaf, as_good_h264(choice.rendition))
        theirs = rate_at(rival, mean_vmaf)
        return None if theirs is None else round(1 - choice.trial.rates[choice.found.crf] / theirs, 4)

    def _has_time(self, rendition: Rendition, later: Sequence[Rendition], made: Sequence[Rendition]) -> bool:
        """Whether this one can be looked at once more, and each later one after it."""
        cost = sum(self.case.budget.look(each) for each in (rendition, *later))
        return self._can_pay(cost, [*(each.rendition for each in self.choices if not each.is_copy), *made])

    def _can_pay(self, cost: float, encoded: Sequence[Rendition]) -> bool:
        return self.case.budget.spent(self.trials) + cost <= self.case.budget.allowed(encoded)

    def _lean(self, trial: Trial, crfs: Crfs) -> int:
        """By how many CRFs the guess was too low; H.264's."""
        fitting = min((crf for crf, rate in trial.rates.items() if rate <= self.most_kbps), default=crfs.last)
        return fitting - max(crfs.start, crfs.guess)


def _missed(wish: Wish, reached: Vmaf, found: Found) -> str:
    if wish.spare(reached) >= 0:
        return ""
    return "its picture must not be larger than the recorded one" if found.is_bound else "no better quality is tried"


def _rival(trial: Trial) -> Trial:
    """Plain x264 veryfast at the same size: all else as its authors set it."""
    rendition = Rendition("h264", trial.rendition.width, trial.rendition.height, "veryfast", "", H264.start)
    return Trial(f"veryfast-{rendition.name}", rendition, trial.samples, trial.key_frame_every_s)


def _score_around(rival: Trial, mean_vmaf: float, near_crf: int) -> None:
    """Score the rival at two CRFs, the second towards the VMAF at which it is to be compared."""
    away = (rival.score(near_crf).mean - mean_vmaf) / H264.slope
    steps = max(NEAREST_CRFS, min(FARTHEST_CRFS, round(abs(away)) + 1))
    rival.score(min(H264.last, max(0, near_crf + (steps if away > 0 else -steps))))
