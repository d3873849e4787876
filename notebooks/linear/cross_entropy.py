# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
#   invlib:
#     study: invlib.studies.linear.cross_entropy
#     shows: Figs. 7 and 9; critical points under cross-entropy
#     data: {quick: digits, paper: mnist}
#     seconds: {quick: 15, paper: 240}
# ---

# %% [markdown]
# # Cross-entropy
#
# The theory of {cite:t}`duan2026` is about squared error. Their Appendix C.2 trains the same networks
# with cross-entropy (Figs. 7 and 9), and Appendix A.11 leaves a question open: are all critical points
# invariant then? This page trains the networks again, and answers the question: with a short proof, and
# by looking for critical points one by one, saddles too.
#
# Takes about 15 s at profile quick (scikit-learn's digits) and 240 s at profile paper (MNIST) on two
# cores.

# %% tags=["parameters", "hide-input"] mystnb={"code_prompt_show": "Parameters and their defaults"}
dataset = "digits"  # data set: digits (8x8, bundled), mnist or fashion_mnist (28x28)
side = 8  # image side in pixels after pooling
pooling = "mean"  # how images are made smaller: mean, max or stride
samples = 300  # training images before augmentation
hidden = 5  # hidden units: the rank bound r
epochs = 500  # full-batch steps
learning_rate = 0.001  # Adam's learning rate
strengths = [0.01, 0.1, 1.0]  # penalty weights λ of the regularized networks
seeds = 2  # runs, each with its own subset and initialization
poolings = ["mean"]  # ways to make images smaller that are compared
search_side = 4  # image side in the search for critical points
search_samples = 100  # training images in the search
search_hidden = 2  # hidden units in the search
search_strengths = [0.01, 0.1, 1.0]  # penalty weights λ in the search
starts = 8  # random starts of each search
wide_starts = 1  # the same for the search without bottleneck

# %% tags=["hide-cell"] mystnb={"code_prompt_show": "What runs"}
from invlib.claims.table import show_verdicts
from invlib.exercises.linear.cross_entropy import (
    check_cross_entropy_gradient,
    check_same_predictions,
)
from invlib.figures import method_curves, paper_curves, show_figure
from invlib.figures.linear.cross_entropy import (
    map_noninvariance,
    penalty_rate,
    softmax_noninvariance,
)
from invlib.groups import rotations
from invlib.studies.linear import cross_entropy, cross_entropy_search, pooled, two_layer
from invlib.studies.study import Runs, collect
from invlib.tables import final_values, glue_number, show_table
from invlib.tables.linear.cross_entropy import (
    counterexamples_table,
    cross_entropy_pooling_table,
    searches_table,
)

parameters = cross_entropy.CrossEntropy(
    dataset=dataset,
    side=side,
    pooling=pooling,
    samples=samples,
    hidden=hidden,
    epochs=epochs,
    learning_rate=learning_rate,
    strengths=strengths,
    seeds=seeds,
    poolings=poolings,
    search_side=search_side,
    search_samples=search_samples,
    search_hidden=search_hidden,
    search_strengths=search_strengths,
    starts=starts,
    wide_starts=wide_starts,
)
everything = collect(cross_entropy.STUDY, parameters)
runs = everything.of(two_layer.EXPERIMENT)
other_poolings = everything.of(pooled.EXPERIMENT)
searches = everything.of(cross_entropy_search.EXPERIMENT)
augmented = searches.where(method="augmented", turns=4)
bottleneck = augmented.where(hidden=search_hidden)
penalized = searches.where(method="regularized")
final = runs.frame().groupby("label").mean(numeric_only=True)

# %% tags=["remove-cell"]
paper_setup = parameters.dataset == "mnist" and parameters.side == 14
found = augmented.frame()
glue_number("accuracy_constrained", final.loc["constrained+cross_entropy", "accuracy"])
glue_number("accuracy_augmented", final.loc["augmented+cross_entropy", "accuracy"])
glue_number("points_found", found["found"].sum())
glue_number("largest_noninvariance", found["largest_noninvariance"].max())
glue_number("largest_map", found["largest_map_noninvariance"].max())
glue_number("most_descending", found["largest_descending"].max())
glue_number("full_rank_map", bottleneck.frame()["full_rank_map_noninvariance"].max())
glue_number("largest_twin", bottleneck.frame()["largest_twin_gradient"].max())
glue_number("smallest_penalized", penalized.frame()["smallest_noninvariance"].min())
glue_number("bound_share", penalized.frame()["bound_share"].max())
glue_number(
    "smallest_part", searches.where(turns=2).frame()["smallest_noninvariance"].min()
)
glue_number(
    "curvature", augmented.where(hidden=9).frame()["smallest_curvature"].min()
)

# %% [markdown]
# ## What was found
#
# **Training.** At the end, the hard-wired network classifies
# {glue:text}`accuracy_constrained:.3f` of the turned training images rightly, the augmented one
# {glue:text}`accuracy_augmented:.3f` (means over seeds). Chance is one in nine.

# %% tags=["hide-input"]
show_figure(
    method_curves(
        runs,
        "accuracy",
        ylabel="accuracy, all turned images",
        paper=paper_curves("linear/fig7_accuracy") if paper_setup else None,
    ),
    key="cross-entropy-accuracy",
    alt="Accuracy over training epochs for five networks trained with cross-entropy. All rise from "
    "near one in nine; the network with the strongest penalty rises most slowly.",
    caption="Accuracy over training with cross-entropy (Fig. 7 of the paper). Mean over seeds, band: "
    "one standard deviation.",
    runs=runs,
)

# %% tags=["hide-input"]
show_figure(
    method_curves(
        runs,
        "invariant_proportion",
        ylabel="invariant share of ‖W‖²",
        paper=paper_curves("linear/fig9_invariant_proportion") if paper_setup else None,
    ),
    key="cross-entropy-proportion",
    alt="Invariant share of the squared norm of W over training epochs. The constrained network is "
    "at one throughout; the others start near one quarter and rise towards one, the faster the "
    "stronger the penalty.",
    caption="How much of W is invariant (Fig. 9 of the paper). Mean over seeds, band: one standard "
    "deviation.",
    runs=runs,
)

# %% [markdown]
# **Critical points.** Under augmentation every critical point that we found predicts the same for an
# image and its turns: {glue:text}`points_found:.0f` points, minima and saddles with up to
# {glue:text}`most_descending:.0f` descending directions. The non-invariant part is at most
# {glue:text}`largest_noninvariance:.0e` of the whole, which is what a gradient norm of up to 1e-12 leaves
# open. Under a penalty none is invariant: the part is at least {glue:text}`smallest_penalized:.0e`, and
# falls with $\lambda$. Nor is any if augmentation shows two of the four turns: at least
# {glue:text}`smallest_part:.2f`.

# %% tags=["hide-input"]
show_figure(
    softmax_noninvariance(searches),
    key="cross-entropy-critical-points",
    alt="Relative non-invariance on a logarithmic axis against the number of descending directions, "
    "one mark per critical point. Points of the augmented network lie at rounding level, those of "
    "regularized networks far above, lower the larger the penalty, and those with two of four "
    "turns near one.",
    caption="All critical points found, of all seeds. Vertical: norm of the non-invariant part of W "
    "over that of W, on the directions that images have, after the mean of W's rows is taken off, "
    "which no softmax sees. Exact zeros stand at 1e-17.",
    runs=searches,
)

# %% [markdown]
# The proof below covers what the softmax sees, and the picture agrees. What of $W$ itself? Adding one
# row vector to all rows of $W$ adds the same number to all logits. No prediction notices, and no
# gradient resists. So $W$ may keep such a part, up to {glue:text}`largest_map:.2f` of its norm.
# Where the predicting part of $W$ (its rows without their mean) has as high a rank as there are hidden
# units, there is no room for it: no hidden unit is left that could feed all logits alike. At these points
# $W$ itself is invariant (at most {glue:text}`full_rank_map:.0e`, bottleneck only). With nine hidden
# units for nine classes one is always left.

# %% tags=["hide-input"]
show_figure(
    map_noninvariance(augmented),
    key="cross-entropy-map",
    alt="Relative non-invariance of W itself for the augmented network's critical points. Points of "
    "full rank lie at rounding level; points of lower rank reach up to order one.",
    caption="The same for W as it is, augmentation only, with and without a bottleneck. Predicting W: "
    "without the mean of its rows.",
    runs=augmented,
)

# %% tags=["hide-input"]
show_table(
    searches_table(searches),
    key="cross-entropy-searches",
    caption="What the searches found, over n seeds. Starts: all random starts; found: those that came "
    "to a gradient norm below 1e-12, constant maps left out; no other selection. Different: losses "
    "that differ, per seed, mean ± standard deviation. Saddles: share of the points found. "
    "Non-invariance: norm of the non-invariant part over the norm; of predictions, from the smallest to the largest of "
    "all points.",
    runs=searches,
)

# %% [markdown]
# ## Paper beside ours
#
# Verdicts rest on the published paper-scale records alone, whatever this page was run with. The
# criteria were written down before the run. Those of the accuracies are as strict as for squared error.

# %% tags=["hide-input"]
show_verdicts("linear/cross_entropy")

# %% tags=["hide-input"]
show_table(
    final_values(
        runs,
        {
            "accuracy": "accuracy",
            "test_accuracy": "test accuracy",
            "invariant_proportion": "invariant share",
            "noninvariant_norm": "‖W⊥‖",
            "blank_norm": "of it on blank pixels",
        },
    ),
    key="cross-entropy-final",
    caption="After the last epoch: mean ± standard deviation over n seeds. No selection: the last "
    "epoch counts. Accuracies are over all four turns. Blank: directions that no turned image has, "
    "where no data can change W.",
    runs=runs,
)

# %% [markdown]
# The paper does not say how images are made smaller. For squared error that choice moves the accuracies
# by more than their spread ([there](three_ways)). Under cross-entropy there is no closed form to tell,
# so two of the networks are trained on images made smaller in other ways. At profile quick images keep
# their size and there is one row.

# %% tags=["hide-input"]
show_table(
    cross_entropy_pooling_table(runs, other_poolings),
    key="cross-entropy-pooling",
    caption="Accuracy on all turned training images after the last epoch, for ways to make images "
    "smaller: the mean of a block of pixels, its maximum, or its last pixel. Mean ± standard deviation "
    "over n seeds.",
    runs=Runs([*runs.known, *other_poolings.known], parameters),
)

# %% [markdown]
# ## The idea
#
# The loss of logits $z$ and label $y$ is $\ell(z, y) = -\log \operatorname{softmax}(z)_y$. It is convex
# in $z$. It is flat along $z + c\,\mathbf 1$, which changes no softmax, and curved in every other
# direction. The augmented loss of a linear map is
#
# $$
# L(W) = \frac{1}{n \lvert\mathcal G\rvert} \sum_{g \in \mathcal G} \sum_i \ell(W \rho(g) x_i, y_i).
# $$
#
# Summing over the whole group makes it blind to turns, $L(W\rho(g)) = L(W)$. Being convex, it does not
# grow under averaging: $L(W \bar G) \le L(W)$, with $\bar G$ the mean of all $\rho(g)$. This is
# Jensen's inequality. As $\operatorname{rank} W\bar G \le \operatorname{rank} W$, it holds under a
# bottleneck as well: where a global minimum exists, an invariant map attains it.
#
# > **Our remark: every critical point, not only the minimum.** Let $W = A W_1$, where $A = W_L \cdots
# > W_2$ are the layers above the first, as many as you like. Hold $A$ and let $f(V) = L(AV)$. This is
# > convex in $V$ and $f(V\rho(g)) = f(V)$. At a critical point the gradient of $f$ at $W_1$ vanishes. A
# > convex function has its minimum there, so $f(W_1 \bar G) \ge f(W_1)$. By Jensen also
# > $f(W_1 \bar G) \le f(W_1)$. The two are equal, and equality in Jensen's inequality, image by image,
# > is possible only where $\ell$ is flat: $W\rho(g)x_i$ and $Wx_i$ differ by a multiple of $\mathbf 1$
# > for all $g$ and $i$. **At every critical point of the augmented problem, the network predicts the
# > same for a training image and all its turns**, and so on everything these images span.
#
# The proof uses that the first layer's gradient vanishes, that the loss is convex in the logits, and
# that the whole group is shown with equal weights. It uses no bottleneck, no rank of $A$, no full rank
# of $XX^\top$, no distinct singular values, and not that $\rho$ is unitary. For squared error, which is
# flat nowhere, it says $W\rho(g)x_i = Wx_i$.
#
# > **Our remark: hard-wiring has the same critical points.** If all softmax outputs at $W\rho(g)$ are
# > those at $W$, then so is the gradient, $\nabla L(W) = \nabla L(W) \bar G$ (for unitary $\rho$). Then $W_2$ and
# > $W_1 \bar G$ form a critical point of the hard-wired problem. In the other direction a critical
# > point of the hard-wired problem has $\nabla L(W)$ invariant and is one of the augmented problem. For squared
# > error this is in Proposition 13. In our searches the gradient of the hard-wired problem at the points
# > found under augmentation is at most {glue:text}`largest_twin:.0e`.
#
# > **Our remark: a penalty.** Let $L_0$ be the loss on plain images, $\Pi$ the projection on the range
# > of $A$. At a critical point of $L_0(W) + \lambda \lVert WG \rVert_F^2$, the gradient in $W_1$ gives
# >
# > $$
# > 2 \lambda\, W_\perp G G^\top = -\Pi\, \nabla L_0(W) (I - \bar G).
# > $$
# >
# > The map is invariant only if the plain loss already has no slope in non-invariant directions, which
# > random images do not grant. And since no image pulls harder than $\sqrt 2\, \lVert x \rVert$, **every**
# > critical point has
# >
# > $$
# > \lVert W_\perp \rVert_F \le \frac{\sqrt 2}{2 \lambda \mu} \cdot \frac1n \sum_i \lVert x_i \rVert,
# > $$
# >
# > where $\mu$ is the smallest non-zero eigenvalue of $GG^\top$ ($\mu = 2$ for quarter turns). This is
# > the counterpart of Theorem 9, with a rate, $1/\lambda$. The largest share of the bound that we met is
# > {glue:text}`bound_share:.2f`.

# %% tags=["hide-input"]
show_figure(
    penalty_rate(penalized),
    key="cross-entropy-rate",
    alt="Norm of the non-invariant part at critical points against the penalty weight, both axes "
    "logarithmic: three falling, nearly straight lines, the bound highest.",
    caption="How a penalty drives out the non-invariant part. Geometric mean over seeds, band: one "
    "standard deviation of the logarithm. W as it is, on the directions that images have.",
    runs=penalized,
)

# %% [markdown]
# ## Where it fails
#
# *The weights.* Add a hidden unit to a critical point. Let its row in $W_1$ be any $v$ with
# $v \bar G = 0$. The gradient at an invariant map is invariant, so $\nabla L(W)\, v^\top = 0$, and the new
# weights above feel no pull. If the unit feeds nothing, neither does $v$: the network is critical, $W$ is
# as before, and $W_1$ is not invariant. If it feeds all logits alike, $v$ feels none either, because the
# rows of $\nabla L(W)$ add up to zero: the network is critical, and $W$ itself is not invariant. Its
# predictions are.

# %% tags=["hide-input"]
show_table(
    counterexamples_table(bottleneck),
    key="cross-entropy-counterexamples",
    caption="The lowest critical point found, with one unit more: gradient norm (largest over seeds) "
    "and non-invariant part of W₁, of W and of the predictions (mean ± standard deviation over n seeds, "
    "or the largest where it is rounding).",
    runs=bottleneck,
)

# %% [markdown]
# *Blank pixels.* Along directions that no image has, $W_1$ keeps what initialization gave it. The table
# of final values shows how much of $\lVert W_\perp \rVert$ that is.
#
# *A part of the group.* With two of the four turns, $L(W\rho(g)) = L(W)$ no longer holds, and the
# critical points are far from invariant.
#
# *No minimum.* If some linear map classifies all images rightly, cross-entropy falls for ever as that
# map grows, and there is no minimum to speak of. What the proof still gives is a bound along the way:
#
# $$ f(W_1) - f(W_1\bar G) \le \lVert \nabla f(W_1) \rVert \cdot \lVert W_1 (I - \bar G) \rVert . $$
#
# In the search a minimum exists: at the lowest point without a bottleneck all curvatures of $L$ in $W$, the
# flat shift left out, are positive (at least {glue:text}`curvature:.0e`), so the convex $L$ has its only minimum there.
#
# *Time.* The theorem speaks of critical points, not of epoch 3000. How fast $W_\perp$ decays is
# another question.
#
# ## How the search works
#
# The images are made so small that the Hessian in all weights is a small matrix. From random weights, a
# Newton step climbs along the $k$ directions of lowest curvature and descends along all others, so that
# it comes to rest where $k$ directions descend. Each start has another $k$. Nothing in it knows of the
# group. Starts that do not come to rest are left out. So are constant maps, such as $W = 0$: these are critical
# for every method, and invariant for a trivial reason. We do not claim to have found all
# critical points.
#
# ## What we had to assume
#
# As for squared error ([front page of this part](index.md)): random subset per seed, mean pooling, pixels
# in $[0, 1]$, PyTorch's default initialization, all images in one step. The loss is the mean over samples,
# which is what PyTorch's cross-entropy does. The penalty weights are those of the paper's captions.
#
# ## Exercises
#
# **1.** Write the gradient of the mean cross-entropy of a linear map in $W$ `[classes, pixels]`, for
# images `X` `[n, pixels]` and one-hot labels `Y` `[n, classes]`.


# %%
def cross_entropy_gradient(W, X, Y):
    p = (X @ W.T).softmax(-1)  # predicted probabilities [n, classes]
    return ...


check_cross_entropy_gradient(cross_entropy_gradient)

# %% [markdown]
# <details><summary>A hint</summary>
#
# In the logits of one sample the gradient is $p - y$. The logits are $Wx$, so in $W$ it is
# $(p - y)\,x^\top$.
#
# </details>


# %% tags=["hide-input", "solution"] jupyter={"source_hidden": true} mystnb={"code_prompt_show": "A solution"}
def cross_entropy_gradient(W, X, Y):
    p = (X @ W.T).softmax(-1)  # predicted probabilities [n, classes]
    return (p - Y).T @ X / len(X)


check_cross_entropy_gradient(cross_entropy_gradient)

# %% [markdown]
# **2.** Take an invariant map `W` `[classes, pixels]` and any row `v` `[pixels]`. Return a map that is
# not invariant unless `v` is, and has the same softmax on every image. Why does this not contradict the theorem?


# %%
def same_predictions(W, v):
    return ...


check_same_predictions(same_predictions, rotations(side))

# %% [markdown]
# <details><summary>A hint</summary>
#
# Which change of the logits does a softmax not see? The theorem is about predictions.
#
# </details>


# %% tags=["hide-input", "solution"] jupyter={"source_hidden": true} mystnb={"code_prompt_show": "A solution"}
def same_predictions(W, v):
    return W + v


check_same_predictions(same_predictions, rotations(side))
