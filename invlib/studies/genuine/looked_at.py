"""A trained network and how many unseen images it is looked at with."""

from dataclasses import dataclass

from invlib.config import option
from invlib.errors import UsageError
from invlib.studies.genuine.narrowed import narrowed
from invlib.studies.genuine.networks import Network


@dataclass(frozen=True)
class LookedAt(Network):
    """One network of the paper, and a number of test images."""

    images: int = option(60, "test images that it is looked at with", low=1)

    def check(self) -> None:
        super().check()
        if self.images > self.test:
            raise UsageError(
                f"parameter images is {self.images}; it must be at most test, {self.test}."
            )

    @property
    def network(self) -> Network:
        """The network alone, as it is trained and remembered."""
        return narrowed(self, Network)
