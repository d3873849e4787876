"""Finite groups that act on flattened square images by moving pixels."""

from invlib.groups.group import Group
from invlib.groups.images import flips, rotations, translations
from invlib.groups.permutations import from_permutations

__all__ = ["Group", "flips", "from_permutations", "rotations", "translations"]
