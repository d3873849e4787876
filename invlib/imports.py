"""Imports that need a hand: one that is slow and left out, one that must be prepared."""

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def skip_url_grammar() -> None:
    """Keep jsonschema from compiling a grammar of URLs, which costs every kernel over a second.

    It offers the check only where `rfc3987_syntax` can be imported, and notebooks hold no URLs to
    be checked. Call it before the first import of nbformat.
    """
    sys.modules.setdefault("rfc3987_syntax", None)


def import_torchvision() -> ModuleType:
    """torchvision, also where its compiled part was built for another torch than the one here.

    The wheel of the package index is built for CUDA. Beside a CPU torch it cannot load its own
    operators, and its import stops because two of them are not even declared. So they are declared
    here first; nothing in this project calls them. Beside a matching torch this does nothing.
    """
    if "torchvision" not in sys.modules:
        import torch

        specification = importlib.util.find_spec("torchvision")
        folder = Path(specification.origin).parent if specification else Path()
        try:
            for library in folder.glob("_C*.so"):
                torch.ops.load_library(str(library))
        except OSError:
            declared = torch.library.Library("torchvision", "FRAGMENT")
            for name in ("nms", "qnms"):
                declared.define(f"{name}(Tensor dets, Tensor scores, float threshold) -> Tensor")
            _KEPT.append(declared)
    return importlib.import_module("torchvision")


_KEPT: list[object] = []  # a declaration lasts as long as its object
