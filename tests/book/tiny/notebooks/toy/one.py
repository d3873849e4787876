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
#     study: invlib.studies.toy.one
#     shows: nothing
#     data: {quick: digits, paper: digits}
#     seconds: {quick: 1, paper: 1}
# ---

# %% [markdown]
# # One
#
# Takes about 1 s at profile quick and 1 s at profile paper.

# %% tags=["parameters"]
dataset = "digits"  # data set whose manifest the runs name
size = 2  # configurations
pause = 0.0  # seconds that each takes
factors = [1.0, 2.0]  # numbers to multiply with

# %%
from invlib.studies.study import collect
from invlib.studies.toy import one

parameters = one.Toy(dataset=dataset, size=size, pause=pause, factors=factors)
runs = collect(one.STUDY, parameters)

# %%
print("values", runs.frame()["value"].tolist())
