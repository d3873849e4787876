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
#     study: invlib.studies.genuine.drift
#     shows: Fig. 4, realistic shifts
#     data: {quick: digits, paper: mnist}
#     seconds: {quick: 19, paper: 2100}
# ---

# %% [markdown]
# # When the images change
#
# A network may be invariant on the images that it was made for, and no longer on others.
# {cite:t}`moskalev2023` mix MNIST with Fashion-MNIST, a little more at every step, and follow
# invariance and accuracy (Fig. 4). This page does it again. Then it asks what a third-party summary of
# the paper asks: what happens under shifts as the world makes them, from noise to attacks?
#
# Takes about 19 s at profile quick (scikit-learn's digits, mixed with patches of its two
# photographs) and 2100 s at profile paper (MNIST, mixed with Fashion-MNIST) on two cores, given the
# networks of Table 1, which are trained first where they do not exist.

# %% tags=["parameters", "hide-input"] mystnb={"code_prompt_show": "Parameters and their defaults"}
dataset = "digits"  # data set: digits (8x8, bundled), mnist or fashion_mnist (28x28)
second = "photographs"  # what is mixed in: photographs (patches, bundled), fashion_mnist or mnist
padding = 2  # black pixels added on every side
train = 300  # training images
validation = 100  # validation images
test = 100  # test images
mixed = 60  # test images that are mixed
few = 20  # test images under the other readings of DI and of the mixture
shifted = 20  # test images under every realistic shift
strengths = [3.0]  # penalty weights ν that the search tries
search_seeds = 1  # seeds over which the search averages
epochs = 10  # passes over the training images
batch = 32  # images per training step
width = 64  # hidden units per layer
seeds = 1  # networks of each method, each with its own split and pairing

# %% tags=["hide-cell"] mystnb={"code_prompt_show": "What runs"}
from invlib.claims.table import show_verdicts
from invlib.exercises.genuine.drift import (
    check_accuracy_ratio,
    check_fgsm_step,
    check_prediction,
)
from invlib.figures import paper_curves, show_figure
from invlib.figures.genuine.drift import (
    LOOKS_TIED,
    along_drift,
    invariance_and_accuracy,
    over_grades,
)
from invlib.studies.genuine import drift, drift_shifts
from invlib.studies.study import collect
from invlib.tables import glue_number, show_table
from invlib.tables.genuine.drift import (
    distances_table,
    mixtures_table,
    rank_without,
    readings_table,
    shifts_table,
)

parameters = drift.Drift(
    dataset=dataset,
    second=second,
    padding=padding,
    train=train,
    validation=validation,
    test=test,
    mixed=mixed,
    few=few,
    shifted=shifted,
    strengths=strengths,
    search_seeds=search_seeds,
    epochs=epochs,
    batch=batch,
    width=width,
    seeds=seeds,
)
everything = collect(drift.STUDY, parameters)
mixing = everything.where(second=second)
shifts = everything.of(drift_shifts.EXPERIMENT)
GROUPS = ["R4", "T3"]

# %% tags=["remove-cell"]
as_the_paper = parameters.dataset == "mnist" and parameters.second == "fashion_mnist"
paper_ratio = paper_curves("genuine/fig4_accuracy_ratio", "beta") if as_the_paper else None
paper_divergence = paper_curves("genuine/fig4_divergence", "beta") if as_the_paper else None
along = mixing.frame().groupby(["group", "method"]).mean(numeric_only=True)
under = shifts.frame().groupby(["group", "method"]).mean(numeric_only=True)
for group in GROUPS:
    for place, beta in (("start", "0.000"), ("slight", "0.111"), ("end", "0.500")):
        glue_number(f"{group}_DA_{place}", along.loc[(group, "DA"), f"DI_at_{beta}"])
    for method in ("DA", "WT", "IR"):
        glue_number(f"{group}_{method}_ratio", along.loc[(group, method), "ratio_mean"])
        glue_number(f"{group}_{method}_natural", under.loc[(group, method), "ratio_natural"])
        glue_number(f"{group}_{method}_attacks", under.loc[(group, method), "ratio_attacks"])
    glue_number(f"{group}_IR_largest", along.loc[(group, "IR"), "DI_largest"])
    glue_number(
        f"{group}_training_start",
        mixing.where(group=group, method="DA").curves("DI_training", "beta").query("beta == 0")["DI_training"].mean(),
    )
    glue_number(f"{group}_strength", along.loc[(group, "IR"), "strength"])
    glue_number(f"{group}_IR_hidden_loss", under.loc[(group, "IR"), "loss_at_low_DI_natural"])
    glue_number(f"{group}_DA_rank", under.loc[(group, "DA"), "rank_correlation_natural"])
    glue_number(f"{group}_DA_rank_unblurred", rank_without(shifts, group, "blur"))
glue_number("WT_largest", along.loc[(slice(None), "WT"), "DI_largest"].max())
glue_number("mixed_images", parameters.mixed)
glue_number("few_images", parameters.few)
glue_number("shifted_images", parameters.shifted)

# %% [markdown]
# ## What was found
#
# DI is how far the predicted distribution moves, on average, when an image is moved by the group. For
# DA it goes from {glue:text}`R4_DA_start:.3f` without drift to {glue:text}`R4_DA_slight:.3f` at
# $\beta = 0.111$ and {glue:text}`R4_DA_end:.3f` at $\beta = 0.5$ under quarter turns; under cyclic shifts
# from {glue:text}`T3_DA_start:.3f` to {glue:text}`T3_DA_slight:.3f` and
# {glue:text}`T3_DA_end:.3f`. WT is invariant by construction: its DI never exceeds
# {glue:text}`WT_largest:.0e`, which is rounding. The largest of IR is
# {glue:text}`R4_IR_largest:.3f` (turns) and {glue:text}`T3_IR_largest:.3f` (shifts).

# %% tags=["hide-input"]
show_figure(
    along_drift(
        mixing,
        "DI",
        GROUPS,
        ylabel="DI",
        paper=paper_divergence,
    ),
    key="drift-divergence",
    alt="DI over the mixing weight, a panel for each group. The line of DA lies above that of IR, and "
    "that of WT lies on the axis.",
    caption=f"DI over the mixing weight (Fig. 4 of the paper), {parameters.mixed} test images. Mean over "
    "seeds, band: one standard deviation. The paper's DI of WT and IR lie on the axis.",
    runs=mixing,
)

# %% [markdown]
# Invariance is one thing, accuracy another. Accuracy over that without drift, averaged over all
# $\beta > 0$, is this:
#
# | group | DA | WT | IR |
# |---|---|---|---|
# | $R^2_4$ | {glue:text}`R4_DA_ratio:.3f` | {glue:text}`R4_WT_ratio:.3f` | {glue:text}`R4_IR_ratio:.3f` |
# | $T^2_3$ | {glue:text}`T3_DA_ratio:.3f` | {glue:text}`T3_WT_ratio:.3f` | {glue:text}`T3_IR_ratio:.3f` |

# %% tags=["hide-input"]
show_figure(
    along_drift(
        mixing,
        "ratio",
        GROUPS,
        ylabel="accuracy ratio",
        paper=paper_ratio,
    ),
    key="drift-ratio",
    alt="Accuracy over that without drift, over the mixing weight, a panel for each group. All lines "
    "start at one and end lower.",
    caption=f"Accuracy ratio over the mixing weight (Fig. 4 of the paper), {parameters.mixed} test images "
    "in all poses. Mean over seeds, band: one standard deviation.",
    runs=mixing,
)

# %% [markdown]
# ## One number, two values
#
# The paper contradicts itself once. DI of DA without drift is 0.3 and 0.1 in its Table 1, and about 0.008
# and 0.003 in its Fig. 4 at $\beta = 0$. One definition on one data set cannot give both. So what might
# Fig. 4 show? A reading that explains its start must also explain the rest of its curve. The table
# has both, for several ways to take the average.

# %% tags=["hide-input"]
show_table(
    readings_table(mixing, GROUPS, as_the_paper),
    key="drift-readings",
    caption=f"DI of DA without drift and at β = 0.222. Mean ± standard deviation over n = {parameters.seeds} "
    f"seeds; {parameters.mixed} test images, or {parameters.few} training images. The paper's values of "
    "Fig. 4 were read off its bitmap, to about 0.03; they are shown where the data are the paper's.",
    runs=mixing,
)

# %% [markdown]
# One reading stands out: on the images that DA was trained on, DI starts at
# {glue:text}`R4_training_start:.3f` (turns) and {glue:text}`T3_training_start:.4f` (shifts). A network that
# has learned its training images by heart, in every pose, is invariant there. So Table 1 and Fig. 4 need
# not contradict each other: the one may show test images, the other training images.
#
# That explains the start, not the rest: with $\beta$ the paper's curves move two to three times as fast as ours. What
# if its mixture is another? The paper does not say when images are normalized, nor by whose
# statistics. The next table tries seven mixtures on both kinds of images. It was made after
# the criteria had been judged, and changes none of them.

# %% tags=["hide-input"]
if as_the_paper:
    show_table(
        distances_table(mixing, GROUPS, ratio=paper_ratio, divergence=paper_divergence),
        key="drift-distances",
        caption="Distance from the paper's curves, root mean square over β: accuracy ratio of all three "
        "methods, once more with WT pooled by the maximum, and DI of DA. "
        f"Means over n = {parameters.seeds} seeds; {parameters.mixed} images in the first row, "
        f"{parameters.few} in the others.",
        runs=mixing,
    )
else:
    show_table(
        mixtures_table(mixing, GROUPS),
        key="drift-mixtures",
        caption=f"Accuracy ratio and DI of DA at β = 0.222. Mean ± standard deviation over n = {parameters.seeds} "
        f"seeds; {parameters.mixed} images in the first row, {parameters.few} in the others.",
        runs=mixing,
    )

# %% [markdown]
# On MNIST at the paper's scale two mixtures come near. With Fashion-MNIST three times as bright,
# accuracy ratios lie close to the paper's, and on training images DI under turns too. With only
# Fashion-MNIST normalized before mixing, the ratios under turns lie closer still, if one thing more is
# changed.
#
# That thing is WT. The paper's WT keeps more of its accuracy than DA; ours keeps less, whatever the
# mixture. But [Table 1](table1) says that the paper's WT may take the maximum over the group where ours takes
# the mean. The next figure has both. It was made after the criteria had been judged, too.

# %% tags=["hide-input"]
show_figure(
    along_drift(
        mixing,
        "ratio_one_sided" if as_the_paper else "ratio",
        GROUPS,
        ylabel="accuracy ratio",
        looks=LOOKS_TIED,
        paper=paper_ratio,
    ),
    key="drift-poolings",
    alt="Accuracy ratio over the mixing weight, a panel for each group, for DA, IR and WT with two "
    "poolings. All start at one and fall.",
    caption="Accuracy ratio of WT with its first layer pooled by the mean and by the maximum, beside DA and "
    "IR, on unseen images"
    + (", Fashion-MNIST alone normalized before mixing. Thin: the paper's." if as_the_paper else "."),
    runs=mixing,
)

# %% [markdown]
# At the paper's scale the maximum puts WT above DA while the drift is slight, where the paper has it, and
# the paper's curves run close beside ours (the table above has the distances). This is a mixture that an
# accident can make: normalize one data set when it is loaded, mix, then normalize what is mixed.

# %% tags=["hide-input"]
if as_the_paper:
    show_figure(
        along_drift(
            mixing,
            "DI_training_one_sided",
            GROUPS,
            ylabel="DI",
            paper=paper_divergence,
        ),
        key="drift-one-sided-divergence",
        alt="DI over the mixing weight, a panel for each group. Our line of DA has the shape of the paper's "
        "and lies above it.",
        caption="DI on training images, Fashion-MNIST alone normalized before mixing. Thin: the paper's.",
        runs=mixing,
    )

# %% [markdown]
# What that mixture does not explain is the size of DI. Its curves have the paper's shape, on training
# images its start as well, but the paper's DI is about two thirds of ours under turns and half of it under
# shifts. No way of taking the average in the table above gives both factors.
#
# So we do not know what was mixed. What the curves say is that beside MNIST the paper's
# Fashion-MNIST was two to three times stronger than its formula with pixels in $[0, 1]$ gives, that Fig. 4
# probably shows DI on training images, and that its WT probably takes a maximum. The verdicts below keep our
# reading.
#
# ## Realistic shifts
#
# Mixing two data sets is one way for images to change. Here are eight others, in five grades each:
# Gaussian noise, blur, less contrast, a grey square that occludes, elastic and affine distortion, and two
# attacks that know the network: one gradient step (FGSM) and ten (PGD). Each test image is
# taken in one random pose, shifted and classified. DI is measured on the shifted images.

# %% tags=["hide-input"]
show_figure(
    invariance_and_accuracy(shifts, GROUPS),
    key="drift-invariance-accuracy",
    alt="DI against the accuracy that a shift costs, a panel for each group, a mark for each method, "
    "shift and grade. Marks of WT lie on the axis at every loss, those of IR mostly below those of DA.",
    caption=f"DI under realistic shifts against the accuracy that they cost, {parameters.shifted} test "
    "images. A mark is one method, shift and grade: the mean over seeds.",
    runs=shifts,
)

# %% [markdown]
# **Does low DI mean that accuracy holds?** If so, marks would lie on a rising line whatever the method. For
# DA alone DI and loss are related: their rank correlation over natural shifts is
# {glue:text}`R4_DA_rank:.2f` (turns) and {glue:text}`T3_DA_rank:.2f` (shifts). Blur is the exception: it
# makes the poses of an image alike as it destroys them. Without it the correlation is
# {glue:text}`R4_DA_rank_unblurred:.2f` and {glue:text}`T3_DA_rank_unblurred:.2f`. Across methods they
# are not related: WT loses accuracy while its DI stays zero. IR loses up to
# {glue:text}`R4_IR_hidden_loss:.2f` (turns) and {glue:text}`T3_IR_hidden_loss:.2f` (shifts) under
# natural shifts for which its DI is at most 0.1. A network can give every pose of an image the same
# wrong answer.
#
# **Does it mean more accuracy than DA?** The share of accuracy that is left, averaged over shifts and
# grades:
#
# | group, shifts | DA | WT | IR |
# |---|---|---|---|
# | $R^2_4$, natural | {glue:text}`R4_DA_natural:.3f` | {glue:text}`R4_WT_natural:.3f` | {glue:text}`R4_IR_natural:.3f` |
# | $R^2_4$, attacks | {glue:text}`R4_DA_attacks:.3f` | {glue:text}`R4_WT_attacks:.3f` | {glue:text}`R4_IR_attacks:.3f` |
# | $T^2_3$, natural | {glue:text}`T3_DA_natural:.3f` | {glue:text}`T3_WT_natural:.3f` | {glue:text}`T3_IR_natural:.3f` |
# | $T^2_3$, attacks | {glue:text}`T3_DA_attacks:.3f` | {glue:text}`T3_WT_attacks:.3f` | {glue:text}`T3_IR_attacks:.3f` |
#
# The verdicts below say whether each order holds, seed by seed.
#
# At the paper's scale all three methods stand under attack in the order of their sensitivity relative to
# the spread of their logits, $\sigma_{\max}(J) / \sqrt V$, and not in that of their invariance.
# [What invariance costs](tradeoff) defines $V$ and measures the ratio.

# %% tags=["hide-input"]
for group, words in (("R4", "quarter turns"), ("T3", "cyclic shifts")):
    show_figure(
        over_grades(shifts, group),
        key=f"drift-grades-{group.lower()}",
        alt=f"Accuracy over the grade of eight shifts, {words}, one small panel for each shift and one "
        "line for each method. Grade 0 is without shift; accuracy falls with the grade.",
        caption=f"Accuracy over the grade of each shift, {words}. Mean over seeds, band: one standard "
        "deviation. Grade 0: no shift.",
        runs=shifts,
    )

# %% tags=["hide-input"]
show_table(
    shifts_table(shifts, GROUPS),
    key="drift-shifts",
    caption=f"Accuracy without shift, then accuracy under each shift over it, averaged over the five grades. "
    f"Mean ± standard deviation over n = {parameters.seeds} seeds, {parameters.shifted} test images.",
    runs=shifts,
)

# %% [markdown]
# ## Paper beside ours
#
# Verdicts rest on the published paper-scale records alone, whatever this page was run with. The
# criteria were written down before the run.

# %% tags=["hide-input"]
show_verdicts("genuine/drift")

# %% [markdown]
# ## The idea
#
# $D_1$ is the data set that the network has learned, $D_2$ another one. The paper mixes them,
#
# $$
# D_{1 \to 2}(\beta) = (1 - \beta)\, D_1 + \beta\, D_2 ,
# $$
#
# for ten values of $\beta$ from 0 to 0.5, measures DI on the mixture, and the accuracy ratio
#
# $$
# \frac{\mathrm{Acc}\bigl(D_{1 \to 2}(\beta)\bigr)}{\mathrm{Acc}(D_1)} .
# $$
#
# DA has seen that $x$ and $gx$ share a label, for the $x$ of its training set. Nothing ties $f(x)$ to
# $f(gx)$ elsewhere. WT is invariant for every $x$. IR lies between: its penalty, too, is a
# sum over training images, but it asks for equal logits, not for equal labels.
#
# > **Our remark.** A small DI can have two reasons: the network gives all poses the same answer, or it
# > gives all images nearly the same one. Near chance level the second is possible. DI alone does not tell
# > them apart; the accuracy beside it does.
#
# Both attacks climb the loss within a box of half-width $\varepsilon$ around the image. FGSM takes one step,
#
# $$
# x' = x + \varepsilon \operatorname{sign} \nabla_x \mathcal L_f(x, y) ,
# $$
#
# PGD ten shorter ones from a random start. Of the loss only the sign of its gradient matters, so we climb
# $\log \sum_{k \ne y} e^{f_k} - f_y$ instead. It grows with the cross-entropy, but its gradient does
# not vanish in rounding where the network is sure of itself.
#
# ## What we had to assume
#
# | choice | what we take |
# |---|---|
# | labels | those of $D_1$ |
# | pairs | each test image meets one image of $D_2$, drawn anew for every seed; each in a random pose, then moved together |
# | normalization | pixels are mixed, then normalized by the training images' mean and deviation |
# | DI | mean over $x$ and over all $g$ but the identity |
# | accuracy | over all poses of every mixed image |
# | $\nu$ of IR | chosen on validation images as for Table 1: here {glue:text}`R4_strength:g` (turns), {glue:text}`T3_strength:g` (shifts) |
# | number of images | {glue:text}`mixed_images:.0f` mixed, {glue:text}`few_images:.0f` for other readings, {glue:text}`shifted_images:.0f` shifted |
#
# With the digits, $D_2$ cannot be Fashion-MNIST, whose images are larger: patches of scikit-learn's two
# photographs stand in. Their numbers are not comparable with the paper's.
#
# Leaving the identity in multiplies DI by 3/4 (turns) or 2/3 (shifts), at every $\beta$ alike. The other readings
# of DI and of the mixture are compared above.
#
# ## Exercises
#
# **1.** Predict, before you scroll up. A network is invariant by construction (WT). The images drift as
# far as $\beta = 0.5$. What is its DI, and what does its accuracy do?


# %%
def prediction():
    divergence = ...  # "zero", "small" or "large"
    accuracy = ...  # "stays" or "falls"
    return divergence, accuracy


check_prediction(prediction)

# %% [markdown]
# <details><summary>A hint</summary>
#
# $f(gx) = f(x)$ holds for every $x$, also for one that the network has never seen. It says nothing about
# labels.
#
# </details>


# %% tags=["hide-input", "solution"] jupyter={"source_hidden": true} mystnb={"code_prompt_show": "A solution"}
def prediction():
    divergence = "zero"  # "zero", "small" or "large"
    accuracy = "falls"  # "stays" or "falls"
    return divergence, accuracy


check_prediction(prediction)

# %% [markdown]
# **2.** Write the accuracy ratio. `clean` and `drifted` are logits `[n, classes]` of the same images without
# and with drift, `labels` their classes `[n]`.


# %%
def accuracy_ratio(clean, drifted, labels):
    right = (clean.argmax(-1) == labels).float().mean()
    still_right = ...
    return still_right / right


check_accuracy_ratio(accuracy_ratio)

# %% [markdown]
# <details><summary>A hint</summary>
#
# An image that was wrong without drift may be right with it. It counts.
#
# </details>


# %% tags=["hide-input", "solution"] jupyter={"source_hidden": true} mystnb={"code_prompt_show": "A solution"}
def accuracy_ratio(clean, drifted, labels):
    right = (clean.argmax(-1) == labels).float().mean()
    still_right = (drifted.argmax(-1) == labels).float().mean()
    return still_right / right


check_accuracy_ratio(accuracy_ratio)

# %% [markdown]
# **3.** Take one FGSM step. `pixels` are images in $[0, 1]$, `gradient` is that of the loss with
# respect to them, and no pixel may move by more than `radius`.


# %%
def fgsm_step(pixels, gradient, radius):
    moved = ...
    return moved.clamp(0, 1)


check_fgsm_step(fgsm_step)

# %% [markdown]
# <details><summary>A hint</summary>
#
# To first order the loss changes by the sum of gradient times step over all pixels. Which step within
# the box makes each term as large as it can be?
#
# </details>


# %% tags=["hide-input", "solution"] jupyter={"source_hidden": true} mystnb={"code_prompt_show": "A solution"}
def fgsm_step(pixels, gradient, radius):
    moved = pixels + radius * gradient.sign()
    return moved.clamp(0, 1)


check_fgsm_step(fgsm_step)
