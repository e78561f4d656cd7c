"""The card of learned weights: what they were learned from, and what they say, for people."""

from collections import Counter
from collections.abc import Mapping, Sequence

from learning.training.training_shows import Lesson
from models.segmentation.weights_bundle import Understanding

TELLING = 8  # weights of evidence that are listed


def card_of(models: Understanding, lessons: Sequence[Lesson], seed: int, left_out: str) -> str:
    """Markdown: lessons by group, the heaviest weights, how confidences are made, and what not to expect."""
    groups = Counter(lesson.group for lesson in lessons)
    listed = "\n".join(f"- {group}: {count} shows" for group, count in sorted(groups.items()))
    explanations = sum(len(lesson.truth.highlights) for lesson in lessons)
    without = f"\n`{left_out}` was left out: judge these weights by that show.\n" if left_out else ""
    weights = "\n".join(f"- {each}: {_heaviest(of.named()['identity'])}" for each, of in models.scores.items())
    return f"""# What these weights were learned from

{len(lessons)} shows with {explanations} explanations, by group (the writers of scripts; `real`: shows that were heard):

{listed}

Simulated shows have seed {seed}.{without}
Made by `kandian train`; the same shows, scripts and seed give the same bytes on one machine.

# What they say

Nats that evidence is worth, heaviest first, by what is at hand:

{weights}

Confidence is a logistic regression on {", ".join(models.confidence.weights)}.

# What not to expect

The scripts are written, their speech is made up or synthesised. The weights rank methods well; chances on real rooms
may be off until shows with people's truth are among the lessons.
"""


def _heaviest(weights: Mapping[str, float]) -> str:
    best = sorted(weights.items(), key=lambda item: -abs(item[1]))[:TELLING]
    return ", ".join(f"{name.replace('_', ' ')} {value:.2f}" for name, value in best)
