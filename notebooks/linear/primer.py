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
#     study: invlib.studies.linear.primer
#     shows: Proposition 4, and what the part needs
#     data: {quick: digits, paper: mnist}
#     seconds: {quick: 7, paper: 9}
# ---

# %% [markdown]
# # Primer: groups, invariant maps, low rank
#
# Four ideas carry this part: a group that acts on images, a linear map that does not notice it, the
# best approximation of a matrix by one of lower rank, and the shape of the set of low-rank matrices.
# Each comes with a picture and a question. Nothing is trained here.
#
# Takes about 7 s at profile quick (scikit-learn's digits) and 9 s at profile paper (MNIST) on two
# cores.

# %% tags=["parameters", "hide-input"] mystnb={"code_prompt_show": "Parameters and their defaults"}
dataset = "digits"  # data set: digits (8x8, bundled), mnist or fashion_mnist (28x28)
side = 8  # image side in pixels after pooling
pooling = "mean"  # how images are made smaller: mean, max or stride
samples = 1  # images drawn for each seed; the first is shown
pairs = 1000  # pairs of rank-one matrices whose midpoints are looked at
seeds = 3  # draws, each with its own image, map and 2x2 matrix

# %% tags=["hide-cell"] mystnb={"code_prompt_show": "What runs"}
from invlib.claims.table import show_verdicts
from invlib.exercises.linear.primer import (
    check_best_approximation,
    check_constraint,
    check_two_matrices,
)
from invlib.figures import show_figure
from invlib.figures.linear.primer import (
    cone_picture,
    landscape_picture,
    low_rank_picture,
    orbit_picture,
    parts_picture,
)
from invlib.groups import rotations
from invlib.studies.linear import primer
from invlib.studies.study import collect
from invlib.tables import glue_number

parameters = primer.Primer(
    dataset=dataset, side=side, pooling=pooling, samples=samples, pairs=pairs, seeds=seeds
)
runs = collect(primer.STUDY, parameters)
found = runs.frame()
glue_number("pixels", side**2)
glue_number("nullity", found["nullity"].mean())
glue_number("full_rank_share", 100 * found["rank_two_share"].mean())

# %% [markdown]
# ## A group acts
#
# Number the pixels of an image and write their values as a vector $x$. A quarter turn moves pixels, so
# it is a permutation matrix $\rho(g)$. Turning twice is $\rho(g)^2$, and $\rho(g)^4 = I$. The four
# powers form a group $\mathcal G$, cyclic with generator $g$, and $\rho$ is its *representation*. The
# images that the group makes of $x$ are the *orbit* of $x$. Their mean is $\bar G x$, with
#
# $$\bar G = \frac{1}{|\mathcal G|} \sum_{g \in \mathcal G} \rho(g).$$
#
# The mean is the same whichever image of the orbit we start from. Averaging twice changes nothing more:
# $\bar G$ is a projection. It is orthogonal, as the inverse of $\rho(g)$ is its transpose.

# %% tags=["hide-input"]
show_figure(
    orbit_picture(runs),
    key="primer-orbit",
    alt="A small digit, the same digit after one, two and three quarter turns, and the mean of the "
    "four, a pattern that looks the same from all four sides.",
    caption="An image, its quarter turns, and their mean. The mean keeps nothing that a turn changes.",
    runs=runs,
)

# %% [markdown]
# ## An invariant map
#
# A linear map $W$ gives a score $(Wx)_c$ to each class. It is *invariant* if a turn of the image
# changes no score: $W \rho(g) x = W x$ for all $x$ and all elements of the group. For all $x$ means
# $W \rho(g) = W$. It is enough to ask this of the generator: what $\rho(g)$ does not change, its powers
# do not change. With $G = I - \rho(g)$ the condition is one linear equation (Proposition 4 of
# {cite:t}`duan2026`):
#
# $$W \text{ invariant} \iff W G = 0.$$
#
# A row of an invariant $W$ has the same entry at all pixels of an orbit, so it is itself an image that
# looks the same from all sides. Of its {glue:text}`pixels:.0f` entries {glue:text}`nullity:.0f` can be
# chosen freely, one for each orbit of pixels. Any $W$ is the sum of an invariant part $W \bar G$ and a
# rest, $W_\perp = W (I - \bar G)$, and the two are orthogonal.

# %% tags=["hide-input"]
show_figure(
    parts_picture(runs),
    key="primer-parts",
    alt="Three square pictures: random entries; a pattern with fourfold symmetry; and what is left "
    "after the second is taken from the first.",
    caption="One row of a random map, drawn as an image: the sum of a part that no turn changes and a "
    "rest that averages to zero. Orange is positive, purple negative.",
    runs=runs,
)


# %% [markdown]
# **Question 1.** Why is one equation for the generator enough? Write the matrix $G$ for a given
# $\rho(g)$. The check looks at maps that no element of the group changes, and at how much $WG = 0$ asks.


# %%
def constraint(rho):
    G = ...  # so that W G = 0 says W ρ(g) = W
    return G


check_constraint(constraint, rotations(side))


# %% tags=["hide-input", "solution"] jupyter={"source_hidden": true} mystnb={"code_prompt_show": "A solution"}
def constraint(rho):
    G = rho.new_ones(len(rho)).diag() - rho  # so that W G = 0 says W ρ(g) = W
    return G


check_constraint(constraint, rotations(side))

# %% [markdown]
# <details><summary>The answer in words</summary>
#
# $WG = W - W\rho(g)$, so $WG = 0$ says $W\rho(g) = W$. Then also $W\rho(g)^2 = (W\rho(g))\rho(g) =
# W\rho(g) = W$, and so on through all powers. A cyclic group has no other elements.
#
# </details>
#
# ## The best approximation of lower rank
#
# A network with a narrow layer of $r$ units can only compute maps of rank at most $r$. Which matrix of
# rank at most $r$ is closest to a given $A$? Write the singular value decomposition
# $A = \sum_i \sigma_i u_i v_i^\top$ with $\sigma_1 \ge \sigma_2 \ge \dots$ {cite:t}`eckart1936` showed
# that the first $r$ terms are best, and what they miss is what was dropped:
#
# $$\min_{\operatorname{rank} B \le r} \lVert A - B \rVert_F^2 = \sum_{i > r} \sigma_i^2 .$$

# %% tags=["hide-input"]
show_figure(
    low_rank_picture(runs),
    key="primer-low-rank",
    alt="A digit as a matrix of pixel values and its best approximations of rank one, two, three and "
    "five: from a cross of stripes to something close to the digit.",
    caption="An image read as a matrix, and its best approximations of a few ranks.",
    runs=runs,
)

# %% [markdown]
# **Question 2.** Given a matrix $A$, what is its best approximation of rank $r$ in the Frobenius norm?
# Write it; `A.svd()` gives $U$, the singular values and $V$, one column for each.


# %%
def best_approximation(A, r):
    U, singular, V = A.svd()
    return U[:, :r] @ ... @ V[:, :r].T


check_best_approximation(best_approximation)


# %% tags=["hide-input", "solution"] jupyter={"source_hidden": true} mystnb={"code_prompt_show": "A solution"}
def best_approximation(A, r):
    U, singular, V = A.svd()
    return U[:, :r] @ singular[:r].diag() @ V[:, :r].T


check_best_approximation(best_approximation)

# %% [markdown]
# ## The set of low-rank matrices
#
# The matrices of rank at most $r$ are the zeros of polynomials: all minors of size $r + 1$ vanish. Such
# a set is called a *determinantal variety*. The smallest one can be drawn. A symmetric 2x2 matrix
# $\begin{pmatrix} a & b \\ b & d \end{pmatrix}$ has rank at most one when $ad = b^2$. With
# $z = (a + d)/2$ and $x = (a - d)/2$ this is $z^2 = x^2 + b^2$, a double cone.

# %% tags=["hide-input"]
show_figure(
    cone_picture(),
    key="primer-cone",
    alt="A double cone in three dimensions, its tip marked rank 0. A straight line joins two points "
    "on the upper rim; its midpoint, marked rank 2, lies inside the cone and not on it.",
    caption="Symmetric 2x2 matrices of rank at most one: a double cone. The chord between two of them "
    "leaves the set.",
    runs=runs,
)

# %% [markdown]
# Two things can be seen. The set is not *convex*: the midpoint of two of its points need not belong to
# it. Of random pairs of rank-one 2x2 matrices, {glue:text}`full_rank_share:.1f` % have a midpoint of
# rank two. And it is not smooth: it has a tip, where the rank is lower still.
#
# This is why a rank bound makes learning harder to understand. The squared error is a bowl, a convex
# function of $W$. On a convex set it would have one minimum and nothing else. On the cone it also has
# saddles. Take any 2x2 matrix $A$ and look for the closest $s\,u v^\top$. For unit vectors $u$ and $v$
# the best factor is $s = u^\top A v$, which leaves $\lVert A \rVert_F^2 - (u^\top A v)^2$: a landscape
# over two angles. Its minimum keeps $\sigma_1$. The choice that keeps $\sigma_2$ instead is critical
# too, and a saddle. The paper's Proposition 13 says that this is the whole story for larger matrices:
# each critical point keeps some $r$ of the singular values, and only the largest $r$ give a minimum.

# %% tags=["hide-input"]
show_figure(
    landscape_picture(runs),
    key="primer-landscape",
    alt="A map of the squared distance over the angles of u and v. A dot marks the lowest point; a "
    "square marks a saddle between higher and lower ground.",
    caption="How far a 2x2 matrix is from matrices of rank one, over the angles of the two directions.",
    runs=runs,
)

# %% [markdown]
# **Question 3.** Why is $\{W : \operatorname{rank} W \le r\}$ not convex when $r < \min(d_0, d_L)$? Give
# two 2x2 matrices of rank at most one whose midpoint has rank two.


# %%
def two_matrices():
    A = [[1, 0], [0, 0]]
    B = ...
    return A, B


check_two_matrices(two_matrices)


# %% tags=["hide-input", "solution"] jupyter={"source_hidden": true} mystnb={"code_prompt_show": "A solution"}
def two_matrices():
    A = [[1, 0], [0, 0]]
    B = [[0, 0], [0, 1]]
    return A, B


check_two_matrices(two_matrices)

# %% [markdown]
# <details><summary>The answer for any size</summary>
#
# Take two sums of $r$ terms $e_i e_i^\top$ that share $r - 1$ of them. Their midpoint has $r + 1$
# different terms, so its rank is $r + 1$. This needs room for $r + 1$ of them: $r < \min(d_0, d_L)$.
#
# </details>
#
# ## What was checked
#
# The statements above, on random maps and real images. Verdicts rest on the published paper-scale
# records alone.

# %% tags=["hide-input"]
show_verdicts("linear/primer")
