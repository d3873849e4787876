"""Where networks are trained: an accelerator if there is one, unless the settings say otherwise."""

import torch

from invlib.errors import UsageError, unknown

AUTO = "auto"


def choose_device(wanted: str = AUTO) -> torch.device:
    """The device of a name (auto, cpu, cuda, mps); one that is not there is refused."""
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.mps.is_available()}
    if wanted == AUTO:
        return torch.device("cuda" if there["cuda"] else "cpu")
    if wanted not in there:
        raise unknown("device", wanted, [AUTO, *there])
    if not there[wanted]:
        raise UsageError(
            f"device {wanted} is not available here; there are: "
            f"{', '.join(name for name, found in there.items() if found)}."
        )
    return torch.device(wanted)
