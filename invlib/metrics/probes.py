"""Linear probes: what a linear classifier can read off features that it did not shape."""

import warnings

from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor

ITERATIONS = 300


def probe_accuracy(
    features: Tensor, targets: Tensor, new_features: Tensor, new_targets: Tensor
) -> float:
    """Accuracy on new features [m, d] of a logistic regression fitted to features [n, d].

    Features are standardized, the penalty is scikit-learn's own (C = 1), and fitting may stop after
    300 steps: a probe asks whether something can be read with ease, not for the last digit.
    """
    probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=ITERATIONS))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        probe.fit(features.double().numpy(), targets.numpy())
    return float(probe.score(new_features.double().numpy(), new_targets.numpy()))
