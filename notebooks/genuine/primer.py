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
#     study: invlib.studies.genuine.primer
#     shows: Secs. 2 and 3, what the part needs
#     data: {quick: digits, paper: mnist}
#     seconds: {quick: 15, paper: 110}
# ---

# %% [markdown]
# # Primer: orbits, invariance, sensitivity, saliency
#
# Four ideas carry this part: the orbit of an image, a function that does not notice it, the largest
# stretch of a function, and a map of the pixels that a decision rests on. Each comes with a picture and
# a question. Last come the traps: functions that are built so that one measure is content and another
# is not. Groups, representations and linear maps that are invariant have
# [a primer of their own](../linear/primer).
#
# Takes about 15 s at profile quick (scikit-learn's digits) and 110 s at profile paper (MNIST) on two
# cores.

# %% tags=["parameters", "hide-input"] mystnb={"code_prompt_show": "Parameters and their defaults"}
dataset = "digits"  # data set: digits (8x8, bundled), mnist or fashion_mnist (28x28)
padding = 2  # black pixels added on every side
train = 500  # training images
validation = 100  # validation images
test = 300  # test images
explained = 40  # the first of the test images, for saliency and Jacobians
width = 64  # units in each of the two hidden layers
epochs = 40  # passes over the training images
steps = 16  # steps of the integrated gradients
seeds = 1  # draws, each with its own images and its own small network

# %% tags=["hide-cell"] mystnb={"code_prompt_show": "What runs"}
from invlib.claims.table import show_verdicts
from invlib.exercises.genuine.primer import (
    check_flow,
    check_invisible_change,
    check_orbit_size,
    check_symmetrized,
)
from invlib.figures import show_figure
from invlib.figures.genuine import primer_saliency as maps
from invlib.figures.genuine import primer_sensitivity as sensitivity
from invlib.figures.genuine.primer import orbits_picture, shifted_picture, squares_picture
from invlib.studies.genuine import primer
from invlib.studies.study import collect
from invlib.tables import glue_number, show_table
from invlib.tables.genuine.primer import commuting_table, measures_table

parameters = primer.Primer(
    dataset=dataset,
    padding=padding,
    train=train,
    validation=validation,
    test=test,
    explained=explained,
    width=width,
    epochs=epochs,
    steps=steps,
    seeds=seeds,
)
runs = collect(primer.STUDY, parameters)

# %% tags=["remove-cell"]
mean = runs.frame().mean(numeric_only=True)
for name in (
    "learned_accuracy",
    "learned_agreement",
    "learned_SI",
    "shifted_LI",
    "shifted_SI",
    "signed_agreement",
    "DI_over_LI_any",
    "random_direction",
    "sigma_max",
    "invariant_SI_another",
    "learned_SI_unthresholded",
    "learned_SI_09",
    "untrained_SI_unthresholded",
    "untrained_SI_09",
):
    glue_number(name, mean[name])
glue_number("slope_percent", 100 * mean["slope_ratio_R4"])
glue_number("shown_SI", runs.frame()["shown_SI"].iloc[0])  # the one in the picture
glue_number("white_percent", 100 * mean["blank_share_white"])
glue_number("accuracy_percent", 100 * mean["learned_accuracy"])
glue_number("agreement_percent", 100 * mean["learned_agreement"])
glue_number("slope_at_image", runs.frame()["slope_at_image"].max())
kept = runs.curves("kept_pixels", axis="share").groupby("share")["kept_pixels"].mean()
glue_number("kept_pixels", kept.loc[0.9])

# %% [markdown]
# ## An orbit
#
# A group $G$ acts on images: each $g \in G$ makes an image $gx$ of an image $x$. The *orbit* of $x$ is
# the set of all images that the group makes of it, $\{gx : g \in G\}$. The paper uses two groups: the
# quarter turns $R^2_4$, and $T^2_3$, cyclic shifts along $x$ by a third of the image.

# %% tags=["hide-input"]
show_figure(
    orbits_picture(runs),
    key="genuine-primer-orbits",
    alt="Three rows of small images. A digit after no, one, two and three quarter turns; the same digit "
    "after no, one and two shifts by a third of the width; an image that looks the same after a half "
    "turn, so that its four turns show two different images.",
    caption="Orbits of a digit x under quarter turns and under shifts, and of s = (x + g²x)/2, an image "
    "with a symmetry. The digit is the one that a half turn changes most.",
    runs=runs,
)

# %% [markdown]
# Start from any image of an orbit and you get the same orbit. So orbits do not overlap, and asking a
# function to be invariant means asking it for one value per orbit. In the last row a half turn changes
# nothing. Its orbit has only two images: the size of the orbit times the number of elements that leave
# $x$ as it is equals $|G|$.
#
# **Question 1.** What is the orbit of $x$ under $G$, and how many images does it hold?
# `group.act(x, k)` is the image that element $k$ makes of $x$.


# %%
def orbit_size(x, group):
    # for each element, whether it leaves x as it is
    unmoved = [... for k in range(group.order)]
    return group.order // sum(unmoved)


check_orbit_size(orbit_size)

# %% [markdown]
# <details><summary>A hint</summary>
#
# `(a == b).all()` says whether two images are the same.
#
# </details>


# %% tags=["hide-input", "solution"] jupyter={"source_hidden": true} mystnb={"code_prompt_show": "A solution"}
def orbit_size(x, group):
    # for each element, whether it leaves x as it is
    unmoved = [(group.act(x, k) == x).all() for k in range(group.order)]
    return group.order // sum(unmoved)


check_orbit_size(orbit_size)

# %% [markdown]
# <details><summary>The answer in words</summary>
#
# The orbit is the set of all $gx$. The elements that leave $x$ as it is form a subgroup. Two elements
# make the same image exactly if they differ by one of these, so each image of the orbit is made
# equally often.
#
# </details>
#
# ## Invariant and equivariant
#
# A function $f$ is *invariant* if it takes the same value on a whole orbit, $f(gx) = f(x)$. A map $\psi$
# from images to images is *equivariant* if it moves along, $\psi(gx) = g\,\psi(x)$. Turn first and map
# then, or map first and turn then: both ways around the square lead to the same picture.

# %% tags=["hide-input"]
show_figure(
    squares_picture(runs),
    key="genuine-primer-squares",
    alt="Left, a square of four images: a digit and its quarter turn above, their outlines below; the "
    "outline of the turned digit is the turned outline. Right: the digit and its turn above, and below "
    "each the same bars of class scores.",
    caption="Left an equivariant map ψ, the outline √(∂ₓ² + ∂ᵧ²); right an invariant one, h, the logits "
    "of a network averaged over the orbit.",
    runs=runs,
)

# %% [markdown]
# Both words need a group beside them. A map can commute with one group and not with another.

# %% tags=["hide-input"]
show_table(
    commuting_table(runs),
    key="genuine-primer-commuting",
    caption="How far ψ(gx) is from gψ(x), over the length of ψ(x): mean over test images and g ≠ e, then "
    f"mean ± standard deviation over n = {seeds} seeds. 0: below 1e-9. Threshold and filter are the "
    "last steps of the paper's saliency map.",
    runs=runs,
)

# %% [markdown]
# The last layers of a classifier are to be invariant, the first ones usually only equivariant: an
# outline that forgets how the digit was turned has forgotten too much. Either can be had from any map
# by averaging. The mean over the orbit,
#
# $$
# h(x) = \frac{1}{|G|} \sum_{g \in G} f(gx),
# $$
#
# is invariant whatever $f$ is. We call it $h$ on this page. The paper's WT averages too, after the first
# layer.
#
# **Question 2.** How does equivariance differ from invariance? Make an equivariant map of any map
# $\psi$: average over the orbit, but turn every picture back first. `group.inverse(k)` undoes $k$.


# %%
def symmetrized(psi, group):
    def made(x):
        seen = [psi(group.act(x, k)) for k in range(group.order)]
        back = [group.act(seen[k], ...) for k in range(group.order)]
        return sum(back) / group.order

    return made


check_symmetrized(symmetrized)


# %% tags=["hide-input", "solution"] jupyter={"source_hidden": true} mystnb={"code_prompt_show": "A solution"}
def symmetrized(psi, group):
    def made(x):
        seen = [psi(group.act(x, k)) for k in range(group.order)]
        back = [group.act(seen[k], group.inverse(k)) for k in range(group.order)]
        return sum(back) / group.order

    return made


check_symmetrized(symmetrized)

# %% [markdown]
# <details><summary>The answer in words</summary>
#
# An invariant map gives the same output for every image of an orbit. An equivariant one gives an output
# that moves as the input does. Put 0 in place of the dots, so that nothing is turned back, and the map
# becomes invariant.
#
# </details>
#
# ## Two errors: LI and DI
#
# LI asks whether the logits move over the orbit, DI whether the predicted distribution does
# ([definitions](index)). If no logit moves, no probability does: $\mathrm{LI} = 0$ implies
# $\mathrm{DI} = 0$. The converse fails. Take an invariant $h$ and add one number $c(x)$ to all its logits,
# here the brightness of the upper left quarter of the image. Softmax does not see it.

# %% tags=["hide-input"]
show_figure(
    shifted_picture(runs),
    key="genuine-primer-shift",
    alt="Logits of nine classes for a digit and its three turns. Above, the four sets of logits have the "
    "same shape at different heights. Below, the four sets of probabilities are at equal heights.",
    caption="h(x) + c(x) over the orbit of the image that the network is least sure of: the logits move "
    "together, the probabilities stay.",
    runs=runs,
)

# %% [markdown]
# Over all images this function has LI {glue:text}`shifted_LI:.1f` and DI zero.
#
# > **Our remark: how much LI says about DI.** For logits $a$ and $b$, and $u = \operatorname{softmax} a$,
# > $q = \operatorname{softmax} b$, Taylor's theorem for $\log \sum_c e^{a_c}$ gives
# >
# > $$
# > D_{\mathrm{KL}}(u \,\Vert\, q) = \tfrac12 (b - a)^\top H (b - a)
# > \le \tfrac12 \cdot \tfrac12 \lVert a - b \rVert_2^2 ,
# > $$
# >
# > since $H = \operatorname{diag}(p) - pp^\top$ at some $p$ between has no eigenvalue above a half. So
# > $\mathrm{DI} \le \frac12 \mathrm{LI}$ for every function. Random logits reach
# > {glue:text}`DI_over_LI_any:.2f` of LI; where two classes tie, the half is reached in the limit. A
# > small LI therefore promises a small DI. A large LI promises nothing: it may sit in $c(x)$.
#
# **Question 3.** Write a change of the logits that LI sees and DI does not. `logits` is `[n, classes]`,
# `amount` is `[n]`, one number per image.


# %%
def invisible_change(logits, amount):
    return logits + ...


check_invisible_change(invisible_change)


# %% tags=["hide-input", "solution"] jupyter={"source_hidden": true} mystnb={"code_prompt_show": "A solution"}
def invisible_change(logits, amount):
    return logits + amount[:, None]


check_invisible_change(invisible_change)

# %% [markdown]
# ## The longest axis
#
# Near an image $x$ a smooth function is linear: $f(x + v) \approx f(x) + Jv$ with the *Jacobian*
# $J = \partial f / \partial x$. It maps a small ball around $x$ to an ellipsoid. The longest half-axis has
# the length $\sigma_{\max}(J)$ times the radius, the *spectral norm* of $J$. The singular vectors
# $v_1, v_2, \dots$ are the directions in the image that become the axes $u_1, u_2, \dots$ of the ellipsoid.

# %% tags=["hide-input"]
show_figure(
    sensitivity.ball_picture(runs),
    key="genuine-primer-ball",
    alt="Above, a circle of images around a digit. Below, the logits that they get: an ellipse for the "
    "smallest radius, with an arrow along its longest half-axis; larger radii give shapes that are no "
    "ellipse any more.",
    caption="A circle of images around one digit, in the two directions to which a small trained network "
    "responds most, and the change of its logits, over the radius. For a small radius it is an ellipse "
    "with half-axes σ₁ = σ_max and σ₂.",
    runs=runs,
)

# %% [markdown]
# The network was trained on turned digits for a moment and is right on
# {glue:text}`accuracy_percent:.0f` % of all turned test images. Its $\sigma_{\max}(J)$ is
# {glue:text}`sigma_max:.1f`, the mean over test images. That is the worst direction. In a random one the
# logits move by {glue:text}`random_direction:.2f` of it.
#
# Now walk from $x$ straight to $gx$. The logits cannot move further than the largest slope on the way
# allows. With $L$ the largest $\sigma_{\max}(J)$ on the segment,
#
# $$
# \tfrac12 \lVert f(x) - f(gx) \rVert_2^2 \le \tfrac12 L^2 \lVert x - gx \rVert_2^2 .
# $$
#
# On the images here the left side's root reaches at most {glue:text}`slope_percent:.0f` % of what the right
# side allows (mean over seeds of the largest). This is spectral decay in one line. To make LI small it is
# enough to make $J$ small, and a small $J$ makes $f$ insensitive to *everything*: to $g$, to shifts that
# nobody asked about, to noise. The crudest way is to multiply all logits by a small $s$.

# %% tags=["hide-input"]
show_figure(
    sensitivity.shrinking_picture(runs),
    key="genuine-primer-shrinking",
    alt="Above, on logarithmic axes, four straight lines that fall as the factor falls: LI for turns, LI "
    "for shifts, the response to noise, and the spectral norm. Below, accuracy and SI are flat, and the "
    "cross-entropy rises towards small factors.",
    caption="All logits of a trained network times s. Mean over seeds, band: one standard deviation. "
    "Noise: standard deviation 0.05 in each pixel. The line marks s = 1.",
    runs=runs,
)

# %% [markdown]
# LI falls with $s^2$, for the turns that the network was trained on, for shifts that it never saw, and for
# noise alike. The predicted classes and SI do not change at all. So a small LI alone does not say that a
# network has learned a symmetry. What keeps training from this way out is the task: the cross-entropy
# rises towards $\ln 9$ as all logits shrink. The paper's Proposition 3.1 shows the same pull in a
# linear map: the gradient of LI removes sensitivity and never adds any.
#
# **Question 4.** Why does minimizing LI constrain the spectral norm? For $h(x) = Wx$ and one pair put
# $\varepsilon = x - gx$. Then $\mathrm{LI} = \frac12 \lVert W\varepsilon \rVert^2$, and gradient flow is
# $\dot W = -W \varepsilon\varepsilon^\top$. Write $W$ at time $t$.


# %%
def flow(W, e, t):
    left = ...  # the share of W e that is left at time t
    return W - (1 - left) * (W @ e).outer(e) / (e @ e)


check_flow(flow)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Multiply the equation by $\varepsilon$ from the right. What is the rate at which $W\varepsilon$ decays?
#
# </details>


# %% tags=["hide-input", "solution"] jupyter={"source_hidden": true} mystnb={"code_prompt_show": "A solution"}
def flow(W, e, t):
    left = (-t * (e @ e)).exp()  # the share of W e that is left at time t
    return W - (1 - left) * (W @ e).outer(e) / (e @ e)


check_flow(flow)

# %% [markdown]
# <details><summary>The answer in words</summary>
#
# $W(t) = W(0) E$ with $E = \exp(-t\,\varepsilon\varepsilon^\top)$. The eigenvalues of $E$ are 1, and
# $e^{-t\lVert\varepsilon\rVert^2}$ along $\varepsilon$. None exceeds 1, so
# $\lVert W(t) \rVert_2 \le \lVert W(0) \rVert_2 \lVert E \rVert_2 = \lVert W(0) \rVert_2$. The norm need
# not fall: only what $W$ does with $\varepsilon$ is lost.
#
# </details>
#
# ## A map of what matters
#
# *Integrated gradients* {cite:p}`sundararajan2017` share out the logit of one class over the pixels. They
# add up the gradient on the straight way from a black image to $x$, pixel by pixel:
#
# $$
# \mathrm{IG}_i(x) = x_i \int_0^1 \frac{\partial f_y}{\partial x_i}(tx)\, dt .
# $$
#
# The paper's map $m_f(x)$ takes the absolute value, sets to zero what lies below 0.9 of the largest, and
# smooths. To compare the maps of $x$ and $gx$ it turns the second one back: SI is the mean cosine.

# %% tags=["hide-input"]
show_figure(
    maps.steps_picture(runs),
    key="genuine-primer-steps",
    alt="Two rows of five small images: a digit; its integrated gradients in two colours; their absolute "
    "values; the few pixels left by the threshold; these pixels blurred. The second row is the same for "
    "the turned digit, turned back; its last map differs from the first row's.",
    caption="The three steps for a digit and for its quarter turn, turned back. Learned network f; of the "
    "digits that it gets right in both poses, the one whose two maps agree least. Orange is positive, "
    "violet negative.",
    runs=runs,
)

# %% [markdown]
# The network names the same class for both poses of this digit. The cosine of the two maps is
# {glue:text}`shown_SI:.2f`.
#
# > **Our remark: why SI = 1 for an invariant function.** Differentiate $h(gx) = h(x)$: the gradient at $gx$
# > is $g$ times the gradient at $x$. So is IG if the baseline does not move, $gb = b$. Absolute value and
# > threshold commute with any permutation of pixels. The filter commutes with turns, and with cyclic
# > shifts if it takes the opposite border for what lies beyond a border. Hence
# > $g^{-1} m_h(gx) = m_h(x)$.
#
# ## Traps
#
# ### Does it add up?
#
# IG is *complete*: over the pixels it sums to $f_y(x) - f_y(0)$. With too few steps it does not, which is a
# test that costs nothing.

# %% tags=["hide-input"]
show_figure(
    maps.completeness_picture(runs),
    key="genuine-primer-completeness",
    alt="On logarithmic axes, a line that falls steadily as the number of steps grows.",
    caption="How far the attributions are from adding up: mean |sum − difference| over mean |difference|. "
    "Mean over seeds, band: one standard deviation.",
    runs=runs,
)

# %% [markdown]
# A ReLU network without biases that sees raw pixels needs one step only, as its gradient is the same all
# along the way. Ours sees normalized pixels, where black is not zero, and needs more.
#
# ### Saturation
#
# Why not take the gradient at $x$? Where a network is sure, nothing small changes its mind.

# %% tags=["hide-input"]
show_figure(
    maps.saturation_picture(runs),
    key="genuine-primer-saturation",
    alt="Above, the probability of the true class rises from near zero to one on the way from black to "
    "the image. Below, its slope: high in between and close to zero at the image, where a dot marks it.",
    caption="Probability of the true class on the way from a black image to the digit that the network is "
    "surest of, and its slope. The area under the slope is what the attributions sum to.",
    runs=runs,
)

# %% [markdown]
# At the image the slope is at most {glue:text}`slope_at_image:.1e` of its mean over the way (the largest
# over seeds). The logit saturates less than the probability. The paper does not say which of the two it
# explains; we take the logit.
#
# ### The baseline
#
# IG weighs the gradient with $x - b$. From a black baseline a black pixel gets nothing, however much the
# network would mind ink there. From a white one {glue:text}`white_percent:.0f` % of the total lies on
# blank pixels.

# %% tags=["hide-input"]
show_figure(
    maps.baseline_picture(runs),
    key="genuine-primer-baseline",
    alt="A digit; its attributions from a black baseline, which lie on the strokes; and those from a "
    "white baseline, which lie mostly on the background.",
    caption="|IG| for two baselines, of the digit that the network is surest of.",
    runs=runs,
)

# %% [markdown]
# And a baseline must itself be invariant. Start from some other digit, and even the exactly invariant $h$
# gets an SI of {glue:text}`invariant_SI_another:.2f`: the map moves, the baseline does not.
#
# ### The threshold
#
# At 0.9 of the maximum {glue:text}`kept_pixels:.1f` pixels remain on average. SI is then a statement about
# a few pixels: do they meet or not?

# %% tags=["hide-input"]
show_figure(
    maps.threshold_picture(runs),
    key="genuine-primer-threshold",
    alt="Above, SI over the threshold: the learned network starts high and falls as the threshold rises, "
    "so does one with random weights; the exactly invariant function stays at one. Below, the number of pixels kept falls from all that "
    "carry ink to one.",
    caption="SI of the learned network, of an exactly invariant function and of a network with random "
    "weights over the threshold of the map; below, how many pixels of the learned network's map it keeps. Mean over seeds, band: one standard "
    "deviation.",
    runs=runs,
)

# %% [markdown]
# The same network has SI {glue:text}`learned_SI_unthresholded:.2f` without a threshold and
# {glue:text}`learned_SI_09:.2f` with the paper's. What would a network get that has learned nothing? With
# random weights it is {glue:text}`untrained_SI_unthresholded:.2f` without a threshold and
# {glue:text}`untrained_SI_09:.2f` with it. Without one, two maps agree already because both lie on the
# strokes. With it, a hair's breadth between the two strongest pixels decides. So a value of SI is to be
# read against that of random weights, and only with the choices behind it.
#
# ### What each measure sees
#
# Six functions under quarter turns. Each is built to please some measures and not others.

# %% tags=["hide-input"]
show_table(
    measures_table(runs),
    key="genuine-primer-measures",
    caption="Same class: how often gx gets the class of x. Means over test images and g ≠ e (SI: the "
    f"first {explained}), then mean ± standard deviation over n = {seeds} seeds. f: network trained on turned "
    "digits, best weights on validation images; h: its mean over the orbit; c: brightness of the upper "
    "left quarter; ± h: h where the left half is at least as bright as the right one, −h elsewhere.",
    runs=runs,
)

# %% [markdown]
# * **f** names the same class on {glue:text}`agreement_percent:.0f` % of the turns, and its logits move all
#   the same. This is what the paper calls spurious invariance.
# * **f / 10** is the same classifier with the same maps, and a hundredth of the LI.
# * **h + c(x)** predicts exactly the same distribution over the whole orbit. Its maps do not agree
#   (SI {glue:text}`shifted_SI:.2f`), because they explain a logit, which $c$ moves.
# * **± h** looks perfectly invariant to SI: the absolute value forgets the sign. It is the opposite of
#   invariant. Of the three turns two reverse all logits.
# * **A constant** is invariant by any measure. Its maps are zero, and the cosine of two zero vectors is
#   not defined. This book sets it to 1, and to 0 for a zero map and another one.
#
# Only $\mathrm{LI} = 0$ is a proof. Short of it no single measure is enough, and none of them says
# whether the function is of any use.
#
# ## Paper beside ours
#
# The statements above, on random logits and real images. Most are mathematics, and the criteria ask for it
# up to rounding. Verdicts rest on the published paper-scale records alone.

# %% tags=["hide-input"]
show_verdicts("genuine/primer")

# %% [markdown]
# ## What we had to assume
#
# The network here is not one of the paper's: two hidden layers, few images, a moment of training. It is
# computed in double precision, so that what is exactly zero can be told from what is small. All choices of
# the map are those of [our reading](index).
#
# From here on the networks are the paper's: [Table 1](table1) measures them,
# [saliency over the orbit](orbit_maps) looks at their maps, [drift](drift) moves the images away from those
# they learned.
