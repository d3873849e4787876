"""A configuration without what a narrower class adds: what a network was trained with, alone.

Trained networks are known by their configuration. A page that asks more of one must name it by the
same, or it is trained again.
"""

from dataclasses import fields
from typing import TypeVar

from invlib.studies.genuine.kinds import Training

Broader = TypeVar("Broader", bound=Training)


def narrowed(config: Training, broader: type[Broader]) -> Broader:
    """The fields that the broader class has, as one of that class."""
    return broader(**{field.name: getattr(config, field.name) for field in fields(broader)})
