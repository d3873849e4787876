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
#     study: invlib.studies.linear.critical_points
#     shows: Prop. 13 and Prop. B.9
#     data: {quick: digits, paper: mnist}
#     seconds: {quick: 11, paper: 80}
# ---

# %% [markdown]
# # Every critical point
#
# Can training get stuck? {cite:t}`duan2026` list all critical points of the three problems
# (Proposition 13): one is the global minimum, the others are saddles. On images of a few pixels the
# list is short. This page writes it down, checks every entry, looks for points that are not on it,
# and watches training pass by.
#
# Takes about 11 s at profile quick (scikit-learn's digits) and 80 s at profile paper (MNIST) on two
# cores.

# %% tags=["parameters", "hide-input"] mystnb={"code_prompt_show": "Parameters and their defaults"}
dataset = "digits"  # data set: digits (8x8, bundled), mnist or fashion_mnist (28x28)
side = 4  # image side in pixels after pooling; the list needs small images
pooling = "mean"  # how images are made smaller: mean, max or stride
samples = 500  # images
hidden = 2  # hidden units of the small network: the rank r
turn_classes = 9  # classes under quarter turns: digits 0 to this less one
flip_classes = 5  # classes under left-right flips, likewise
strength = 0.01  # the penalty's weight λ, as in eq. 7
starts = 30  # random starts of each search, for each subset
steps = 5000  # most steps of gradient descent from these starts
plateau_hidden = 3  # hidden units where saddles slow training down
plateau_epochs = 2500  # steps of gradient descent there
seeds = 3  # runs, each with its own subset of images

# %% tags=["hide-cell"] mystnb={"code_prompt_show": "What runs"}
from invlib.claims.table import show_verdicts
from invlib.exercises.linear.critical_points import check_saddle_loss, check_ways_down
from invlib.figures import show_figure
from invlib.figures.linear.critical_points import plateaus, saddle_ladder, ways_down
from invlib.studies.linear import critical_check, critical_plateaus, critical_search
from invlib.studies.linear.critical_points import STUDY, Landscape
from invlib.studies.study import collect
from invlib.tables import glue_number, show_table
from invlib.tables.linear.critical_points import count_table, plateau_table, search_table

parameters = Landscape(
    dataset=dataset,
    side=side,
    pooling=pooling,
    samples=samples,
    hidden=hidden,
    turn_classes=turn_classes,
    flip_classes=flip_classes,
    strength=strength,
    starts=starts,
    steps=steps,
    plateau_hidden=plateau_hidden,
    plateau_epochs=plateau_epochs,
    seeds=seeds,
)
everything = collect(STUDY, parameters)
checked = everything.of(critical_check.EXPERIMENT)
searched = everything.of(critical_search.EXPERIMENT)
trained = everything.of(critical_plateaus.EXPERIMENT)

# %% tags=["remove-cell"]
found = checked.frame()
sought = searched.frame()
augmented = found[found["method"] == "augmented"]
regularized = found[found["method"] == "regularized"]
glue_number("points", found["points"].sum())
glue_number("largest_gradient", found[["tangent_gradient", "layer_gradient"]].max().max())
glue_number("loss_error", found["loss_error"].max())
glue_number("index_errors", found["index_errors"].sum())
glue_number("distance", augmented["distance_to_constrained"].max())
glue_number("least_share", regularized["least_noninvariant"].min())
glue_number("most_share", regularized["most_noninvariant"].max())
glue_number("settled", sought["settled"].sum())
glue_number("unknown", sought["unknown"].sum())
descents = (sought["starts"] + sought["listed"] + sought["listed_lower"]).sum()
resting, moving = sought["ended_elsewhere"].sum(), sought["still_moving"].sum()
glue_number("descents", descents)
glue_number("descents_down", descents - resting - moving)
glue_number("descents_lost", resting)
glue_number("descents_moving", moving)
glue_number("lower_minima", found["lower_minima"].sum())

# %% [markdown]
# ## What was found
#
# Take images so small that $XX^\top$ has full rank, as the proposition asks. A critical point of rank
# $r$ keeps some $r$ of the target's singular values and drops the others. Below is every one of them,
# for two groups and three problems. At each, the gradient along the maps of rank $r$ is zero to
# rounding: at most {glue:text}`largest_gradient:.0e` of the gradient at $W = 0$, over
# {glue:text}`points:.0f` points of all seeds.

# %% tags=["hide-input"]
show_figure(
    saddle_ladder(checked),
    key="critical-ladder",
    alt="Two panels, turns and flips: loss over the number of directions that lead down, one mark "
    "for each critical point. One mark of each problem is at zero directions, at the lowest loss; "
    "saddles with more directions down tend to have a higher loss. Marks of the constrained and the "
    "augmented problem stand at the same height.",
    caption="All critical points of one subset (the first seed). Across: how many directions lead "
    "down, measured as negative curvatures of the loss. Marks of the three problems are set side by "
    "side so that none hides another.",
    runs=checked,
)

# %% [markdown]
# Only one point of each problem has no way down: the global minimum. Hard-wiring and augmentation
# have the same list. Their maps differ by at most {glue:text}`distance:.0e` of their norm. The maps of
# regularization are not invariant: between {glue:text}`least_share:.2g` and
# {glue:text}`most_share:.2g` of their squared norm is not.
#
# How long is the list? Proposition 13 says $\binom dr$ for hard-wiring and augmentation, with $d$
# pixel orbits, and $\binom mr$ for regularization, with $m$ classes.

# %% tags=["hide-input"]
show_table(
    count_table(checked, searched),
    key="critical-counts",
    caption="How many critical points of rank r. Prop. 13: the paper's formula. Our count: with the "
    "rank of the target, min(d, m), in place of d. Critical: listed points at which the gradient "
    "vanishes; minima: those without a way down (both the same for all n seeds, or lowest to highest). "
    "Reached by search: different points that random starts led to, mean ± standard deviation over n "
    "seeds. Unknown: ends of a search that are on no list, summed over seeds.",
    runs=everything,
)

# %% [markdown]
# > **Our remark.** The target $Z_{\mathrm{inv}}$ is an $m \times d_0$ matrix that lives on $d$
# > directions. It has at most $\min(d, m)$ singular values to keep. With more orbits than classes,
# > as here under flips and in the paper's own experiment ($d = 49$, $m = 9$), all three problems have
# > $\binom mr$ critical points, and regularization has no more than the others. The proof of the
# > count presumes $d < m$ (Prop. B.9).
#
# ## Does descent stop at saddles?
#
# Gradient descent was started at random and from beside every point of the list. Of
# {glue:text}`descents:.0f` descents {glue:text}`descents_down:.0f` ended in the global minimum,
# {glue:text}`descents_lost:.0f` came to rest elsewhere and {glue:text}`descents_moving:.0f` were still
# moving when their steps were used up. A second search does not go down but solves for a vanishing
# gradient, so that it finds saddles too. It settled {glue:text}`settled:.0f` times;
# {glue:text}`unknown:.0f` of these ends were on no list.

# %% tags=["hide-input"]
show_table(
    search_table(searched),
    key="critical-search",
    caption="Where two searches ended, summed over all seeds (the two right columns: mean over seeds). "
    "Rank r, lower rank: ends of the search for a vanishing gradient in listed points of that rank. "
    "Not settled: its gradient did not vanish within the steps. Right: share of gradient descents that "
    "ended in the global minimum, from random starts and from beside each listed point.",
    runs=searched,
)

# %% [markdown]
# > **Our remark.** Some ends have a rank below $r$, and Proposition 13 does not list them. They keep
# > fewer singular values and leave a hidden unit unused, in the simplest case with zero weights on both
# > sides. The gradient in the layers vanishes there, but only because of how the map is built: while
# > one side is zero, a small change of the other does nothing. Among the maps of rank at most $r$ such
# > a point is no stop. A unit that adds $\varepsilon\, u v^\top$ lowers the loss in proportion to
# > $\varepsilon$. {cite:t}`trager2020` call such critical points spurious. With all unused weights at
# > zero we checked each of them, too: {glue:text}`lower_minima:.0f` are minima.
#
# ## Saddles slow training down
#
# From tiny layers, training starts beside the point where all units are zero. The loss then falls in
# steps: singular values are learned one after another.

# %% tags=["hide-input"]
show_figure(
    plateaus(trained),
    key="critical-plateaus",
    alt="Loss over the step of gradient descent, logarithmic axis, above for the constrained and "
    "the augmented problem, below for the regularized one. Curves fall in steps. The flat parts above "
    "lie on dotted lines, the losses of the best maps of rank 0, 1, 2.",
    caption="Loss of gradient descent on the images from layers a thousandth of PyTorch's default. "
    "Thick: the first seed; thin: the others. Dotted: loss of the best map of each rank, for the first "
    "seed.",
    runs=trained,
)

# %% [markdown]
# The points that training rests at are those of lower rank, which keep the largest singular values
# and leave units unused. The saddles of Proposition 13 have all units in use. How near training comes
# to any of those is in the last column of the table.

# %% tags=["hide-input"]
show_table(
    plateau_table(trained),
    key="critical-plateaus",
    caption="Nearest: smallest distance on the way to the best map of that rank, as root mean square "
    "difference in output over the output of the optimum. 2nd rate over 1st: how fast a second "
    "unused unit grows beside the best map of that rank, over the first. Last column: the nearest that "
    "training came to any saddle of Proposition 13. Mean ± standard deviation over n seeds.",
    runs=trained,
)

# %% [markdown]
# A rest is clear only where the next unit grows much faster than the one after it. At a point of lower
# rank an unused unit grows at the rate of a singular value of the *gradient*, not of the target: pixels
# are correlated. Where the second rate is close to the first, two units grow together, and training
# passes the next point at a distance.
#
# ## Paper beside ours
#
# Verdicts rest on the published paper-scale records alone, whatever this page was run with. The
# criteria were written down before the run.

# %% tags=["hide-input"]
show_verdicts("linear/critical_points")

# %% [markdown]
# ## The idea
#
# In coordinates in which the inputs are orthonormal each problem reads: find the $M$ of rank at most
# $r$ that is nearest to a target $Z = U\Sigma V^\top$ (Theorem 6, Propositions 8 and 11). The maps of
# rank exactly $r$ form a smooth surface. $M$ is critical when $Z - M$ is orthogonal to it. With $P$
# and $Q$ the projections on the column and row space of $M$ this says $M = PZ = ZQ$. Then
# $PZZ^\top = ZQZ^\top$ is symmetric, so $P$ commutes with $ZZ^\top$. For distinct singular values that
# leaves only
#
# $$
# M = U_I \Sigma_I V_I^\top, \qquad
# \lVert M - Z \rVert_F^2 = \sum_{i \notin I} \sigma_i^2 \quad \text{(Prop. B.9)},
# $$
#
# for sets $I$ of $r$ indices. On every listed point the loss on the images agrees with this sum up to
# {glue:text}`loss_error:.0e`.
#
# > **Our remark: how many ways down.** Turn $u_i$ towards $u_j$ by $b$ and $v_i$ towards $v_j$ by $c$,
# > for a kept $i$ and a dropped $j$, in units in which $M$ moves by $b$ and $c$. To second order the
# > loss changes by
# > $b^2 + c^2 - 2 \frac{\sigma_j}{\sigma_i} b c$. This has the curvatures $1 \pm \sigma_j / \sigma_i$ (times two), and
# > different pairs do not mix. So each pair with $\sigma_j > \sigma_i$ gives one direction that leads
# > down, and all else leads up. A critical point has as many ways down as it has pairs of a kept and a
# > larger dropped singular value. Only $I = \{1, \dots, r\}$ has none. No saddle is flat. The figure
# > holds this count against the measured curvatures; they differ at {glue:text}`index_errors:.0f`
# > points.

# %% tags=["hide-input"]
show_figure(
    ways_down(checked),
    key="critical-ways-down",
    alt="One panel for each group and list. Bars count the critical points with 0, 1, 2 and more "
    "directions that lead down. A short line on top of every bar, the number predicted from pairs, "
    "agrees with it.",
    caption="How many critical points have so many ways down. Bars: negative eigenvalues of the second "
    "derivative of the loss in the layers. Lines: pairs of a kept and a larger dropped singular value. "
    "Means over seeds; problems with the same list share a panel.",
    runs=checked,
)

# %% [markdown]
# ## What we had to assume
#
# The paper shows no experiment on this. The images, the groups, $r$ and λ are our choice: small enough
# to list everything, with fewer orbits than classes under turns and more under flips. λ weighs the
# penalty as in eq. (7). Both searches run with orthonormal inputs, $W_1 P$ in place of $W_1$. That
# changes neither which points are critical nor their type. The losses, gradients and curvatures at the
# listed points, and the training from tiny layers, are on the images themselves.
#
# ## Exercises
#
# 1. A saddle keeps those of the target's singular values whose places, counted from 0, are listed in
# `kept`. Return its loss $\lVert M - Z \rVert_F^2$.


# %%
def saddle_loss(singular_values, kept):
    squares = singular_values**2
    return ...  # what is lost


check_saddle_loss(saddle_loss)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Prop. B.9. The sum of all squares less the sum of those kept.
#
# </details>


# %% tags=["hide-input", "solution"] jupyter={"source_hidden": true} mystnb={"code_prompt_show": "A solution"}
def saddle_loss(singular_values, kept):
    squares = singular_values**2
    return squares.sum() - squares[kept].sum()  # what is lost


check_saddle_loss(saddle_loss)

# %% [markdown]
# 2. How many directions lead down from the point that keeps the places `kept` of `total` singular
# values, largest first?


# %%
def ways_down_from(kept, total):
    dropped = [j for j in range(total) if j not in kept]
    return ...  # pairs


check_ways_down(ways_down_from)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Place $j$ holds a larger value than place $i$ exactly when $j < i$.
#
# </details>


# %% tags=["hide-input", "solution"] jupyter={"source_hidden": true} mystnb={"code_prompt_show": "A solution"}
def ways_down_from(kept, total):
    dropped = [j for j in range(total) if j not in kept]
    return sum(j < i for i in kept for j in dropped)  # pairs


check_ways_down(ways_down_from)
