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
#     study: invlib.studies.toy.two
#     shows: nothing
#     data: {quick: photographs, paper: fashion_mnist}
#     seconds: {quick: 1, paper: 1}
# ---

# %% [markdown]
# # Two
#
# Takes about 1 s at profile quick and 1 s at profile paper.

# %% tags=["parameters"]
dataset = "photographs"  # data set whose manifest the runs name
size = 2  # configurations
pause = 0.0  # seconds that each takes
factors = [1.0, 2.0]  # numbers to multiply with

# %%
from invlib.studies.study import collect
from invlib.studies.toy import two

parameters = two.Toy(dataset=dataset, size=size, pause=pause, factors=factors)
runs = collect(two.STUDY, parameters)

# %%
print("values", runs.frame()["value"].tolist())
