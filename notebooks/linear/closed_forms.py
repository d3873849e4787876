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
#     study: invlib.studies.linear.closed_forms
#     shows: Theorems 6, 9, 12, Propositions 8, 11, Fig. 5
#     data: {quick: digits, paper: mnist}
#     seconds: {quick: 10, paper: 70}
# ---

# %% [markdown]
# # The optima in closed form
#
# {cite:t}`duan2026` write the best map of rank at most $r$ down for all three ways to invariance. A
# formula can be tried. Here brute force never gets below it and always reaches it, augmentation and
# hard-wiring give one and the same $W$, and the regularized optimum approaches it as $1/\lambda$.
# One thing does not fit: the singular values that the paper prints in Fig. 5 contradict its own
# Theorem 12. This page looks for the reason.
#
# Takes about 10 s at profile quick (scikit-learn's digits) and 70 s at profile paper (MNIST) on two
# cores.

# %% tags=["parameters", "hide-input"] mystnb={"code_prompt_show": "Parameters and their defaults"}
dataset = "digits"  # data set: digits (8x8, bundled), mnist or fashion_mnist (28x28)
sides = [4, 8]  # image sides in pixels after pooling; the last one is used for Fig. 5
samples = 500  # training images before augmentation
hidden = 5  # hidden units: the rank bound r
strengths = [0.001, 0.01, 0.1]  # penalty weights λ that brute force is tried on
starts = 10  # random starts of the brute force, per seed and problem
decades = [0, 3, 5]  # over how many decades the inputs spread in the test of digits
every = 3  # decades of λ between two points of the test of digits
seeds = 3  # runs, each with its own subset and starts

# %% tags=["hide-cell"] mystnb={"code_prompt_show": "What runs"}
from invlib.claims.table import show_verdicts
from invlib.exercises.linear.closed_forms import check_truncate
from invlib.figures import show_figure
from invlib.figures.linear.closed_forms import digits_lost, path_to_the_limit, target_values
from invlib.studies.linear import closed_form_check, closed_forms, precision, targets
from invlib.studies.study import collect
from invlib.tables import glue_number, show_table
from invlib.tables.linear.closed_forms import (
    equality_table,
    gap_table,
    treatment_table,
    weight_table,
)

parameters = closed_forms.ClosedForms(
    dataset=dataset,
    sides=sides,
    samples=samples,
    hidden=hidden,
    strengths=strengths,
    starts=starts,
    decades=decades,
    every=every,
    seeds=seeds,
)
everything = collect(closed_forms.STUDY, parameters)
checks = everything.of(closed_form_check.EXPERIMENT)
digits = everything.of(precision.EXPERIMENT)
pooled = everything.of(targets.EXPERIMENT)
fig5 = pooled.where(pooling="mean")

# %% tags=["remove-cell"]
paper_setup = parameters.dataset == "mnist" and parameters.sides[-1] == 14
found, lost, nine = checks.frame(), digits.frame(), fig5.frame()
glue_number("runs", len(found) * (2 + len(parameters.strengths)) * parameters.starts)
glue_number("lowest_gap", found["lowest_gap"].min())
glue_number("highest_gap", found["highest_gap"].max())
glue_number("difference", found["difference"].max())
glue_number("slope", found["path_slope"].mean())
glue_number("library_worst", lost["library_worst"].max())
glue_number("written_worst", lost.loc[lost["decades"] > 0, "written_worst"].min())
glue_number("sixth_true", nine["inv_sixth"].mean())
glue_number("sixth_half", nine["half_da_sixth"].mean())
glue_number("sixth_left", nine["left_out_sixth"].mean())

# %% [markdown]
# ## What was found
#
# **Brute force.** Alternating least squares fixes one layer, solves for the other exactly, and turns
# to the first again. It starts from random layers and knows nothing of the formulas. Over
# {glue:text}`runs:.0f` starts its loss minus that of the closed form, relative to the latter, lies
# between {glue:text}`lowest_gap:.0e` and {glue:text}`highest_gap:.0e`. Nothing is below but for
# rounding. The largest gaps are starts on the way: where $\sigma_r$ and $\sigma_{r+1}$ of a target
# nearly coincide, a fixed number of sweeps leaves a little. No start ends elsewhere.

# %% tags=["hide-input"]
show_table(
    gap_table(checks),
    key="closed-forms-gaps",
    caption="Relative gap between what brute force reaches and the closed form: the lowest and the "
    "highest over all seeds and starts. No mean is taken, no start is dropped.",
    runs=checks,
)

# %% [markdown]
# **One optimum twice.** Theorem 12 says that augmentation and hard-wiring have the same optimum. The
# two are computed from different matrices: one from all turned images, the other from orbit means.
# They differ by at most {glue:text}`difference:.0e` of their norm.

# %% tags=["hide-input"]
show_table(
    equality_table(checks),
    key="closed-forms-equality",
    caption="Augmented against constrained optimum; the largest value over n subsets. The last column "
    "is the share of the augmented W in directions that no turned image has: zero for a minimizer of "
    "least norm. Ranks are counted to a relative tolerance of 1e-12.",
    runs=checks,
)

# %% [markdown]
# The paper assumes that $XX^\top$ has full rank. Where the rank in the table is below the number of
# pixels, it has not, and the formulas ask for an inverse that does not exist. We then take the
# minimizer of least norm, which puts no weight where there are no data. With this rule the equality
# survives.
#
# **The path in λ.** Theorem 9 says that $\hat W_{\mathrm{reg}}(\lambda)$ tends to
# $\hat W_{\mathrm{inv}}$. It does so at the rate $1/\lambda$: from $\lambda = 10^4$ to $10^{10}$ the
# slope on logarithmic axes is {glue:text}`slope:.3f` in the mean over subsets and sizes. At the end of a
# line, rounding may show.

# %% tags=["hide-input"]
show_figure(
    path_to_the_limit(checks),
    key="closed-forms-path",
    alt="Distance of the regularized from the constrained optimum over the strength, both "
    "logarithmic. Flat or slowly falling on the left, then straight lines of slope minus one, far down.",
    caption="Relative distance between the regularized and the constrained optimum over eighteen "
    "decades of λ (Theorem 9). Geometric mean over seeds, band: lowest to highest.",
    runs=checks,
)

# %% [markdown]
# **Digits.** The formulas are exact, but not harmless. They form $XX^\top$, which squares the ratio of
# the largest to the smallest scale in the data, and then an inverse square root of a matrix that
# holds $\lambda$ times another. On random problems of nine pixels, for inputs that spread over
# several decades, the worst error over λ of the printed formula is at least
# {glue:text}`written_worst:.2f` of $W$ itself. That of the library is at most
# {glue:text}`library_worst:.0e`. The judge is arithmetic with fifty digits.

# %% tags=["hide-input"]
show_figure(
    digits_lost(digits),
    key="closed-forms-digits",
    alt="Two panels over the strength. Above, the error of the printed formula climbs with the "
    "strength, for spread-out inputs up to one. Below, the library's error stays near the rounding "
    "level throughout.",
    caption="Relative error of the regularized optimum in double precision, against fifty digits. "
    "Geometric mean over seeds, band: lowest to highest.",
    runs=digits,
)

# %% [markdown]
# The library solves the same problem as least squares on rows: the penalty is appended to the images
# as further rows $\sqrt{n\lambda}\,G^\top$, and one singular value decomposition of the result gives
# both the target and the way back. No square is formed. The coordinates on which the penalty acts are
# scaled first, so that neither the data nor the penalty drowns the other.
#
# ## Fig. 5: singular values that cannot all be right
#
# For the quarter turns Theorem 12 leads to $\sigma_i(Z_{\mathrm{da}}) = 2\,\sigma_i(Z_{\mathrm{inv}})$
# for every $i$. The paper's sixth values are 9.01 and 5.82, a factor of 1.55. Ours are, in the mean over
# subsets, $\sigma_6(Z_{\mathrm{inv}}) =$ {glue:text}`sixth_true:.2f` and
# $\sigma_6(Z_{\mathrm{da}})/2 =$ {glue:text}`sixth_half:.2f`.

# %% tags=["hide-input"]
show_figure(
    target_values(fig5, paper=paper_setup),
    key="closed-forms-targets",
    alt="Singular values over their index, nine for each target, falling. The values of hard-wiring "
    "and of half of augmentation lie on top of each other; those of regularization fall more slowly.",
    caption="Singular values of the three targets (Fig. 5 of the paper): mean and standard deviation "
    "over subsets. On the paper's set-up its values are drawn as lines: solid for Z_inv and Z_reg, "
    "dashed for Z_da / 2.",
    runs=fig5,
)

# %% [markdown]
# Three things can be said of the paper's numbers without knowing its subset.
#
# 1. All nine values of $Z_{\mathrm{inv}}$ are above those of $Z_{\mathrm{da}}/2$, and the two
#    interlace: $\sigma_1 \ge \tau_1 \ge \sigma_2 \ge \tau_2 \ge \dots$ That is what must happen when
#    the projector in $Z_{\mathrm{inv}}$ keeps **one dimension too many**. The table below counts how
#    often anything else leads to it.
# 2. $\hat W_{\mathrm{reg}}$ may do all that $\hat W_{\mathrm{inv}}$ may, so no singular value of
#    $Z_{\mathrm{reg}}$ can be below its partner of $Z_{\mathrm{inv}}$. In the paper the first two are:
#    10.27 against 10.30, and 8.80 against 9.29. $Z_{\mathrm{da}}/2$ passes this test nine times.
# 3. So $Z_{\mathrm{inv}}$ is the odd one of the three.
#
# $Z_{\mathrm{inv}} = Z(I - \tilde G\tilde G^+)$ needs the pseudo-inverse of $\tilde G = P^{-1}G$, and a
# pseudo-inverse takes small singular values for zero. Where $P$ is almost singular, $\tilde G$ has huge
# singular values, and the cut-off, which is relative to the largest, may swallow true ones. Each one
# swallowed lets a direction pass that is not invariant. The table tries this and other ways around the
# missing inverse.

# %% tags=["hide-input"]
show_table(
    treatment_table(fig5, paper=paper_setup),
    key="closed-forms-treatments",
    caption="Singular values of Z_inv by treatment of the singular XXᵀ: mean ± standard deviation over "
    "n subsets. Interlaces: share of subsets on which the nine values interlace with those of Z_da / 2, "
    "to 0.01; in the last row, share of n ordered pairs of subsets. Directions too many: rank of I − G̃G̃⁺ less the number of orbits, mean. Distance, on the "
    "paper's set-up: mean absolute difference from the paper's nine values.",
    runs=fig5,
)

# %% [markdown]
# > **Our remark.** One dimension too many explains the paper's pattern. With the smallest singular value
# > of $\tilde G$ missed, the sixth value becomes {glue:text}`sixth_left:.2f`. It does not explain
# > the numbers in full: the verdicts below give the distance, and another subset would be closer. Which
# > dimension it was, and why, the nine numbers do not tell. In single precision the usual cut-off
# > misses directions all by itself when the jitter is small. Where a whole orbit of pixels is blank, as in
# > MNIST's corners, standardized pixels act like an intercept, which is one more invariant dimension,
# > too; but then $\sigma_1 \ge \sqrt{n/9} = 10.54$ for 1000 images, and the paper has 10.30.
#
# The paper does not say which weight its $Z_{\mathrm{reg}}(0.1)$ has, either. By its Proposition 8 it is
# $n\lambda$. Beside a loss that is a mean over the 9 classes, as in its training, it would be
# $9n\lambda$. It could also be summed over all $g \ne e$, or $n$ could count the augmented set.

# %% tags=["hide-input"]
if paper_setup:
    show_table(
        weight_table(fig5),
        key="closed-forms-weights",
        caption="Mean absolute difference of our nine values of Z_reg(0.1) from the paper's, by reading "
        "of the weight: mean ± standard deviation over n subsets.",
        runs=fig5,
    )

# %% [markdown]
# ## Paper beside ours
#
# Verdicts rest on the published paper-scale records alone, whatever this page was run with. The
# criteria were written down before the run.

# %% tags=["hide-input"]
show_verdicts("linear/closed_forms")

# %% [markdown]
# ## The idea
#
# The [part's front page](index.md) states the theorems. They share one pattern. Let $M$ be the matrix of
# second moments of what the network sees, with the penalty added if there is one. In coordinates in
# which $M$ is the identity, the loss is $\lVert V - \text{target}\rVert_F^2$ plus a constant, and the best
# $V$ of rank at most $r$ is the truncated singular value decomposition of the target
# {cite:p}`eckart1936`. The theorems differ in $M$ and in the target.
#
# | statement | target | $M$ |
# |---|---|---|
# | Theorem 6, constrained | $Z(I - \tilde G \tilde G^+)$ | $XX^\top = P^2$, on invariant maps |
# | Proposition 8, regularized | $Z B(\lambda)^{-1}$ | $XX^\top + n\lambda\, GG^\top$ |
# | Proposition 11, augmented | $\lvert\mathcal G\rvert\, YX^\top \bar G^\top Q^{-1}$ | $\sum_g \rho(g)XX^\top\rho(g)^\top = Q^2$ |
#
# The sum in the last row is $\lvert\mathcal G\rvert$ times an average. That is where the factor
# $\sqrt{\lvert\mathcal G\rvert}$ between the singular values comes from. At the optimum the loss is what
# the singular values leave: $\lVert Y\rVert_F^2 - \sum_{i \le r} \sigma_i^2$, in the paper's
# Proposition B.9.
#
# > **Our remark.** For this problem alternating least squares is a power iteration in disguise, which is
# > why it is so quick. The library's tests also run L-BFGS on both layers from random starts, and
# > [another page](rank) uses gradient descent. All stop at the same loss.
#
# ## What we had to assume
#
# The subset of Fig. 5, the way its images were made smaller and its treatment of $P^{-1}$ are not
# stated. We take a random subset per seed and the mean of a block of pixels. The rule for a singular
# $XX^\top$, the minimizer of least norm, is ours. Its singular values are counted as zero below
# $10^{-12}$ of the largest.
#
# ## Exercise
#
# What is the best approximation of a matrix $A$ of rank at most $r$ in Frobenius norm? Write it, for any
# real matrix. All three theorems stand on it.


# %%
def truncate(A, r):
    U, s, V = A.svd()  # A is U @ diag(s) @ V.T
    return ...  # the best approximation of A of rank at most r


check_truncate(truncate)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Columns of $U$ and of $V$ belong to the singular values in descending order. Keep those of the $r$
# largest and multiply: `U[:, :r] * s[:r]` scales each kept column.
#
# </details>


# %% tags=["hide-input", "solution"] jupyter={"source_hidden": true} mystnb={"code_prompt_show": "A solution"}
def truncate(A, r):
    U, s, V = A.svd()  # A is U @ diag(s) @ V.T
    return U[:, :r] * s[:r] @ V[:, :r].mT  # the best approximation of A of rank at most r


check_truncate(truncate)
