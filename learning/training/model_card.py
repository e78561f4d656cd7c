"""The card of learned weights: what they were learned from, and what they say, for people."""

from collections import Counter
from collections.abc import Mapping, Sequence

from learning.training.training_shows import TrainingShow
from models.segmentation.weights_bundle import WeightsBundle

MAX_LISTED_WEIGHTS = 8  # weights of evidence that are listed


def render_model_card(models: WeightsBundle, shows: Sequence[TrainingShow], seed: int, held_out_show: str) -> str:
    """Markdown: lessons by group, the heaviest weights, how confidences are made, and what not to expect."""
    shows_by_group = Counter(lesson.group for lesson in shows)
    group_lines = "\n".join(f"- {group}: {count} shows" for group, count in sorted(shows_by_group.items()))
    explanations = sum(len(lesson.truth.highlights) for lesson in shows)
    held_out_note = f"\n`{held_out_show}` was left out: judge these weights by that show.\n" if held_out_show else ""
    weight_lines = "\n".join(
        f"- {each}: {_largest_weights(of.to_dict()['identity'])}" for each, of in models.scores.items()
    )
    return f"""# What these weights were learned from

{len(shows)} shows with {explanations} explanations, by group (the writers of scripts; `real`: shows that were heard):

{group_lines}

Simulated shows have seed {seed}.{held_out_note}
Made by `kandian train`; the same shows, scripts and seed give the same bytes on one machine.

# What they say

Nats that evidence is worth, heaviest first, by what is at hand:

{weight_lines}

Confidence is a logistic regression on {", ".join(models.confidence.weights)}.

# What not to expect

The scripts are written, their speech is made up or synthesised. The weights rank methods well; chances on real rooms
may be off until shows with people's truth are among the lessons.
"""


def _largest_weights(weights: Mapping[str, float]) -> str:
    largest = sorted(weights.items(), key=lambda item: -abs(item[1]))[:MAX_LISTED_WEIGHTS]
    return ", ".join(f"{name.replace('_', ' ')} {value:.2f}" for name, value in largest)
