"""Learning Invariance: a small library behind a reproducible companion to three papers."""

import os

__version__ = "0.1.0"

# Torch's threads wait for each other by spinning. Where something else runs beside them, a step of
# a small network then costs a time slice: ten times slower, measured. Read once, when torch loads.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# One thread, unless the user says otherwise. The matrices here are small: a second thread makes a
# step two to three times slower (measured). Cores are better used by several runs side by side.
os.environ.setdefault("OMP_NUM_THREADS", "1")
