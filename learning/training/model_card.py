"""The model card of learned weights: training data, largest weights and limits, for people."""

from collections import Counter
from collections.abc import Mapping, Sequence

from learning.training.training_shows import TrainingShow
from models.segmentation.weights_bundle import WeightsBundle

MAX_LISTED_WEIGHTS = 8  # weights of evidence that are listed


def render_model_card(
    models: WeightsBundle, shows: Sequence[TrainingShow], seed: int, held_out_show: str, *, examiners_note: str = ""
) -> str:
    """Markdown: training shows by group, the largest weights, the confidence model's features, and limits.

    `examiners_note`: which scripts only examine; "" for none.
    """
    shows_by_group = Counter(show.group for show in shows)
    group_lines = "\n".join(f"- {group}: {count} shows" for group, count in sorted(shows_by_group.items()))
    if examiners_note:
        group_lines += f"\n- {examiners_note}"
    explanations = sum(len(show.truth.highlights) for show in shows)
    wrong_bags = sum(not show.truth.highlights for show in shows)
    held_out_note = f"\n`{held_out_show}` was left out: judge these weights by that show.\n" if held_out_show else ""
    weight_lines = _largest_weights(models.scores.to_dict()["identity"])
    return f"""# Training data

{len(shows)} shows with {explanations} explanations; {wrong_bags} have none, beside wrong catalogues. By group (the \
writers of scripts; `real`: recorded shows):

{group_lines}

Simulated shows have seed {seed}.{held_out_note}
Made by `kandian train`; the same shows, scripts and seed give the same bytes on one machine.

# Weights

The largest weights of evidence, in nats: {weight_lines}.

The chance of the product is a logistic regression on {", ".join(models.confidence.product.weights)}; that of the \
start on {", ".join(models.confidence.start.weights)}. No weight of them is below 0.

# Limits

The scripts are invented and their speech is simulated or synthetic. The weights rank methods well. Probabilities on \
real
rooms may be wrong until shows with people's truth are among the training shows. What weights do on strangers' talk: \
`kandian
train --test-writer` prints it; for the weights that come with kandian it stands in docs/scorecard.md.
"""


def _largest_weights(weights: Mapping[str, float]) -> str:
    largest = sorted(weights.items(), key=lambda item: -abs(item[1]))[:MAX_LISTED_WEIGHTS]
    return ", ".join(f"{name.replace('_', ' ')} {value:.2f}" for name, value in largest)
