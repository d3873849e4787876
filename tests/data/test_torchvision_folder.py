"""A folder that torchvision itself filled is found as it is."""

import hashlib
import json
import subprocess
import sys

import pytest
import torch

from invlib.data import State, load, overall, read, survey

NO_TORCHVISION = 77

# In a process of its own: the remedy below, for a torchvision wheel that was built for another
# torch than the installed one, would last for the whole test session.
FILL = """
import importlib.util, json, pathlib, sys
import torch
root, mirror, resources, status = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), sys.argv[4]
try:
    folder = pathlib.Path(importlib.util.find_spec("torchvision").origin).parent
    try:
        torch.ops.load_library(str(next(folder.glob("_C*.so"))))
    except OSError:
        kept = torch.library.Library("torchvision", "FRAGMENT")
        for name in ("nms", "qnms"):
            kept.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    from torchvision.datasets import MNIST
except Exception as error:
    print(error)
    sys.exit(int(status))

class Tiny(MNIST):  # torchvision names the folder after the class
    mirrors = [mirror]

Tiny.resources = [tuple(resource) for resource in resources]
data = Tiny(root, train=True, download=True)
print(json.dumps([data.data.tolist(), data.targets.tolist()]))
"""


def test_what_torchvision_downloaded_and_unpacked_is_good(tiny, server) -> None:
    server.serve(tiny)
    resources = [(name, hashlib.md5(body).hexdigest()) for name, body in server.files.items()]
    arguments = [
        str(tiny.settings.data_dir),
        server.source("good"),
        json.dumps(resources),
        str(NO_TORCHVISION),
    ]
    child = subprocess.run(
        [sys.executable, "-c", FILL, *arguments], capture_output=True, text=True, check=False
    )
    if child.returncode == NO_TORCHVISION:
        pytest.skip(f"torchvision does not import: {child.stdout.strip()}")
    assert child.returncode == 0, child.stderr
    manifest = read("tiny", tiny.settings)
    assert overall(survey(manifest, tiny.settings.data_dir)) is State.GOOD
    for path in tiny.final:
        path.unlink()  # torchvision itself works from the unpacked files
    assert overall(survey(manifest, tiny.settings.data_dir)) is State.GOOD
    ours = load("tiny", "train", tiny.settings)
    images, labels = json.loads(child.stdout.splitlines()[-1])
    assert torch.equal((ours.images * 255).round().int(), torch.tensor(images).int())
    assert ours.labels.tolist() == labels
