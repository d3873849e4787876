"""Data sets: what they are, bringing them here, checking them, loading them as tensors.

Importing this package costs neither torch nor scikit-learn nor requests.
"""

from invlib.data.description import Manifest
from invlib.data.fetch import Progress, fetch
from invlib.data.images import ImageData, load
from invlib.data.manifest import names, read
from invlib.data.photographs import Photographs, load_photographs
from invlib.data.verify import Finding, State, overall, survey

__all__ = [
    "Finding",
    "ImageData",
    "Manifest",
    "Photographs",
    "Progress",
    "State",
    "fetch",
    "load",
    "load_photographs",
    "names",
    "overall",
    "read",
    "survey",
]
