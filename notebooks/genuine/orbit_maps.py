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
#     study: invlib.studies.genuine.orbit_maps
#     shows: Figs. 1 and 3, saliency over the orbit
#     data: {quick: digits, paper: mnist}
#     seconds: {quick: 15, paper: 300}
# ---

# %% [markdown]
# # Saliency over the orbit
#
# Two networks may name a digit rightly in every pose and still differ in how they decide. A *saliency
# map* says which pixels a prediction rests on. {cite:t}`moskalev2023` compute it for every pose of an
# image and turn the maps back. If the network decides in one way, the maps then lie on each other
# (Figs. 1 and 3). This page shows such maps, measures how alike they are, and asks how much of that
# number is a choice that the paper does not state.
#
# Takes about 15 s at profile quick (scikit-learn's digits, padded to 12×12) and 300 s at profile paper
# (MNIST at 36×36), once the networks of [Table 1](table1) are trained, on two cores.

# %% tags=["parameters", "hide-input"] mystnb={"code_prompt_show": "Parameters and their defaults"}
dataset = "digits"  # data set: digits, mnist or fashion_mnist
padding = 2  # black pixels added on every side
train = 300  # training images
validation = 100  # validation images
test = 100  # test images
epochs = 10  # passes over the training images
batch = 32  # images per step
width = 64  # hidden units per layer
strengths = [1.0, 10.0]  # penalty weights ν that the search tries
search_seeds = 1  # seeds over which the search averages
seeds = 1  # runs, each with its own split, initialization and batches
images = 60  # test images whose maps are compared over their orbits
reading_images = 20  # and for each reading of the saliency map

# %% tags=["hide-cell"] mystnb={"code_prompt_show": "What runs"}
from invlib.claims.table import show_verdicts
from invlib.exercises.genuine.orbit_maps import check_aligned
from invlib.figures import show_figure
from invlib.figures.choices import show_choices
from invlib.figures.genuine import orbit_maps as draw
from invlib.studies.genuine import orbit_maps, orbit_pairs, orbit_pictures, saliency_choices
from invlib.studies.study import collect
from invlib.tables import glue_number, show_table
from invlib.tables.genuine.orbit_maps import pairs_table, readings_table

parameters = orbit_maps.OrbitMaps(
    dataset=dataset,
    padding=padding,
    train=train,
    validation=validation,
    test=test,
    epochs=epochs,
    batch=batch,
    width=width,
    strengths=strengths,
    search_seeds=search_seeds,
    seeds=seeds,
    images=images,
    reading_images=reading_images,
)
everything = collect(orbit_maps.STUDY, parameters)
pairs = everything.of(orbit_pairs.EXPERIMENT)
pictures = everything.of(orbit_pictures.EXPERIMENT)
choices = everything.of(saliency_choices.EXPERIMENT)

# %% tags=["remove-cell"]
papers = parameters.dataset == "mnist"
means = pairs.frame().groupby(["group", "method"]).mean(numeric_only=True)
for group in ("R4", "T3"):
    for method in ("DA", "IR", "WT"):
        one = means.loc[group, method]
        name = f"{method.lower()}_{group.lower()}"
        glue_number(f"agree_{name}", 100 * one["agreement"])
        glue_number(f"alike_{name}", one["SI_agreeing"])
        glue_number(f"chance_{name}", one["SI_other_image"])
    own = choices.where(group=group)
    read = own.frame().mean(numeric_only=True)
    values = [read[f"DA_{name}"] for name in draw.READING_NAMES]
    glue_number(f"lowest_{group.lower()}", min(values))
    glue_number(f"highest_{group.lower()}", max(values))
    glue_number(f"step_{group.lower()}", read["DA_largest_step_change"])
    glue_number(f"nu_{group.lower()}", own.frame()["strength"].iloc[0])

# %% [markdown]
# ## What was found
#
# Choose a class, a movement and a network. Where the third map equals the first, the network rests its
# decision on the same part of the digit in both poses.

# %% tags=["hide-input"]
frame, options, titles = draw.picker(pictures)
show_choices(
    frame,
    options,
    titles,
    key="orbit-maps-choose",
    alt="Three small pictures: a digit with its saliency map, the same digit moved with its map, and the "
    "second map turned back over the first digit.",
    caption="Saliency maps m(x) of the true class. Grey: the image; colour: the map, scaled to its own "
    "largest value. The first test image of each class, seed 0. Turns are for networks trained on "
    "turns, shifts for networks trained on shifts.",
    runs=pictures,
)

# %% [markdown]
# Under quarter turns, the two predictions of a network trained with data augmentation (DA) agree in
# {glue:text}`agree_da_r4:.1f` % of pairs $(x, gx)$. On these pairs the maps have a mean cosine of
# {glue:text}`alike_da_r4:.2f`. With the invariance penalty (IR) it is
# {glue:text}`alike_ir_r4:.2f`, and with weight-tying (WT) {glue:text}`alike_wt_r4:.2f`. Under shifts the
# three are {glue:text}`alike_da_t3:.2f`, {glue:text}`alike_ir_t3:.2f` and
# {glue:text}`alike_wt_t3:.2f`. The predictions of DA agree there in {glue:text}`agree_da_t3:.1f` % of pairs.

# %% tags=["hide-input"]
show_figure(
    draw.agreement_figure(pairs, papers),
    key="orbit-maps-agreement",
    alt="For each group and network, how often two predictions agree, how alike the two maps are, and "
    "how alike the maps of two images of one class are. For WT the first two are one.",
    caption="Agreement of predictions (diamonds) beside similarity of maps (SI, dots) for pairs (x, gx), "
    "g ≠ e. Crosses: the mean cosine of the maps of two images of one class. Mean over seeds, bars: one "
    "standard deviation.",
    runs=pairs,
)

# %% [markdown]
# A cosine means little by itself. The maps of two *different* images of one class have a mean cosine
# of {glue:text}`chance_da_r4:.2f` under DA with quarter turns and of {glue:text}`chance_da_t3:.2f` with
# shifts, merely because strokes of a class lie in the same places. That is what a map shares with
# others without any invariance.
#
# Here are the maps of all nine images, turned back, as in the paper's Fig. 3. Within a column and a
# network, the rows of an invariant network are the same.

# %% tags=["hide-input"]
show_figure(
    draw.orbit_figure(pictures, "R4"),
    key="orbit-maps-r4",
    alt="Saliency maps of nine digits in four poses, turned back, for three networks. For WT the four "
    "rows are the same; for the others some rows differ.",
    caption="Saliency maps turned back, g⁻¹m(gx), for quarter turns: one column for each class, one row "
    "for each pose (e: as it is). The first test image of each class, seed 0.",
    runs=pictures,
)
show_figure(
    draw.orbit_figure(pictures, "T3"),
    key="orbit-maps-t3",
    alt="Saliency maps of nine digits in three positions, shifted back, for three networks. For WT the "
    "three rows are the same; for the others some rows differ.",
    caption="The same for shifts by a third of the width.",
    runs=pictures,
)

# %% [markdown]
# How many pairs are alike, and how much? Only pairs on which the two predictions agree are counted.

# %% tags=["hide-input"]
show_figure(
    draw.share_figure(pairs),
    key="orbit-maps-share",
    alt="Share of pairs whose maps have at least a given cosine, for two groups and three networks. The "
    "line of WT stays at one; the others fall as the cosine grows.",
    caption="Of the pairs (x, gx) on which predictions agree: how many have maps with at least this "
    "cosine. Mean over seeds, band: one standard deviation.",
    runs=pairs,
)
show_table(
    pairs_table(pairs),
    key="orbit-maps-pairs",
    caption="Pairs (x, gx) of test images with all g ≠ e: mean ± standard deviation over n seeds. IR at "
    "the ν that the search on validation images chose. Not turned back: the cosine of m(x) and m(gx) "
    "as they are.",
    runs=pairs,
)

# %% [markdown]
# ## Paper beside ours
#
# Verdicts rest on the published paper-scale records alone, whatever this page was run with.

# %% tags=["hide-input"]
show_verdicts("genuine/orbit_maps")

# %% [markdown]
# ## How much of it is a choice
#
# The paper calls the saliency map a hyper-parameter and leaves much of it open. We change one choice
# at a time. SI of DA then lies between {glue:text}`lowest_r4:.2f` and {glue:text}`highest_r4:.2f` under
# quarter turns, and between {glue:text}`lowest_t3:.2f` and {glue:text}`highest_t3:.2f` under shifts.
# WT needs no column: by every reading it is 1, because each step commutes with the group.

# %% tags=["hide-input"]
show_table(
    readings_table(choices, papers),
    key="orbit-maps-readings",
    caption="SI by every reading of the saliency map, on the same test images: mean ± standard deviation "
    "over the seeds of this page. Each row differs from the first in one thing.",
    runs=choices,
)

# %% [markdown]
# The threshold keeps what reaches nine tenths of the largest value, often a handful of pixels. Two maps
# that differ little before it may then share none. Without it, a map is spread over all strokes of the
# digit, and two maps of one image are alike because the image is. So SI compares networks with each
# other under one reading. Across readings its values do not compare.
#
# The number of steps hardly matters: going from 32 to 8 or 128 moves SI of DA by at most
# {glue:text}`step_r4:.3f` and {glue:text}`step_t3:.3f`.
#
# > **Our remark.** For these networks one step is enough if the baseline is grey. They have no biases, so
# > their logits are linear along every ray from the zero of their input, and that zero is the mean
# > grey of the training images. Black is not on such a ray once images are normalized, so from black the
# > integral has something to average.
#
# ## The idea
#
# $m_f(x)$ is made in three steps. First, integrated gradients {cite:p}`sundararajan2017` of the logit
# $f_y$ of the target class,
#
# $$
# \mathrm{IG}(x) = (x - b) \odot \int_0^1 \nabla f_y\bigl(b + t (x - b)\bigr)\, dt ,
# $$
#
# with a baseline $b$. Their sum over pixels is $f_y(x) - f_y(b)$: they are *complete*. Then absolute
# values, and zero for all that lies below 0.9 of the largest. Then a Gaussian filter of three pixels.
# The similarity of eq. 3 averages over $x$ and $g \ne e$:
#
# $$
# \mathrm{SI}_f = \operatorname{mean}\; \cos\bigl(m_f(x),\; g^{-1} m_f(gx)\bigr) .
# $$
#
# > **Our remark: invariance gives SI = 1.** Let $f(gx) = f(x)$ for all $x$, and let $\rho(g)$ permute
# > pixels. Then $\nabla f(gx) = \rho(g) \nabla f(x)$. A baseline of one grey value does not move under
# > $\rho(g)$, so $\mathrm{IG}(gx) = \rho(g)\, \mathrm{IG}(x)$. The threshold does not see where a pixel is,
# > and the filter commutes with $\rho(g)$. The converse fails: $f$ may change by a factor from pose to
# > pose and keep its maps.
#
# ## What we had to assume
#
# The reading that this book takes: a black baseline, 32 steps of the midpoint rule, the logit of the
# true class, absolute values of the integral, the threshold for each map by itself, and a filter that
# goes round the border, so that it commutes with cyclic shifts. The images shown are the first test
# image of each class, chosen before any map was seen. $\nu$ of IR is {glue:text}`nu_r4:g` for quarter turns
# and {glue:text}`nu_t3:g` for shifts, by the search of [Table 1](table1). The
# [part's front page](index) gives the reasons.
#
# ## Exercise: turn it back
#
# `group.act(x, k)` gives the pose $k$ of images `x` [n, pixels], and `group.inverse(k)` the number of the
# element that undoes $k$. `saliency` holds the maps $m(gx)$ of the pose $k$. Return $g^{-1} m(gx)$.


# %%
def aligned(saliency, k, group):
    return ...


check_aligned(aligned)

# %% [markdown]
# <details><summary>A hint</summary>
#
# For half a turn, $g^{-1} = g$. Which element undoes a quarter turn?
#
# </details>


# %% tags=["hide-input", "solution"] jupyter={"source_hidden": true} mystnb={"code_prompt_show": "A solution"}
def aligned(saliency, k, group):
    return group.act(saliency, group.inverse(k))


check_aligned(aligned)
