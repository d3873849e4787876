"""Learning Invariance: a small library behind a reproducible companion to three papers."""

__version__ = "0.1.0"
