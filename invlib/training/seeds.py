"""Independent random streams from one seed: the subset does not move when the model changes."""

import hashlib

import torch


def stream(seed: int, purpose: str) -> torch.Generator:
    """The random generator of one purpose ("subset", "init", ...) within one seeded run."""
    hashed = hashlib.sha256(f"{purpose} {seed}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(hashed[:8], "big") >> 1)
