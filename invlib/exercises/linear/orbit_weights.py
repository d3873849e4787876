"""The check behind the exercise of linear/orbit_weights."""

from collections.abc import Callable

import torch

from invlib.exercises.verdict import Answer
from invlib.groups import rotations


def check_orbit_of(attempt: Callable[[int, int, int], list], side: int) -> Answer:
    """Whether `attempt(row, column, side)` lists the pixels that turns bring (row, column) to."""
    orbits = rotations(side).orbit(torch.arange(side * side)).T
    for pixel, orbit in enumerate(orbits.tolist()):
        row, column = divmod(pixel, side)
        try:
            found = {int(number) for number in attempt(row, column, side)}
        except (TypeError, ValueError) as error:
            return Answer(f"replace the dots ({error}).")
        extra, missing = found - set(orbit), set(orbit) - found
        if extra:
            return Answer(f"no quarter turn brings ({row}, {column}) to pixel {min(extra)}.")
        if missing:
            return Answer(f"a quarter turn brings ({row}, {column}) to pixel {min(missing)}, too.")
    return Answer()
