"""Invariance and sensitivity beside how far the logits of different images lie apart.

LI and σ_max(J) are small for a network whose logits are all small. Divided by the spread of the
logits they no longer depend on their scale. Half the squared distance between the logits of two
images drawn at random has the mean V, the variance of the logits over images, summed over classes.
So LI / V is 0 for an invariant network, and 1 where a transformation moves the logits as far as
taking another image would. A network with the same logits for every image has neither number: NaN.
"""

from dataclasses import replace

from invlib.records.record import Record


def derive(record: Record) -> Record:
    """The record with `relative_LI` = LI / V and `relative_sigma` = σ_max / √V."""
    variance = record.metrics["logit_variance"] or float("nan")
    relative = {
        "relative_LI": record.metrics["LI"] / variance,
        "relative_sigma": record.metrics["sigma_max"] / variance**0.5,
    }
    return replace(record, metrics={**record.metrics, **relative})
