"""Without our verbs: jupytext and papermill run a notebook of the real checkout by themselves."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from invlib.settings import CHECKOUT


@pytest.mark.slow
def test_jupytext_into_papermill(tmp_path):
    tools, out = Path(sys.executable).parent, tmp_path / "out.ipynb"
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("INVLIB_")}
    done = subprocess.run(
        f"'{tools}/jupytext' --to ipynb -o - notebooks/linear/three_ways.py"
        f" | '{tools}/papermill' - '{out}' -p epochs 20 -p seeds 1",
        shell=True,
        cwd=CHECKOUT,
        env=inherited | {"INVLIB_RUNS": str(tmp_path / "runs")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    notebook = nbformat.read(out, as_version=4)
    tags = [cell.metadata.get("tags", []) for cell in notebook.cells]
    injected = notebook.cells[tags.index(["injected-parameters"])]
    assert "epochs = 20" in injected.source
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    assert any("<svg" in o.get("data", {}).get("text/html", "") for o in outputs)
    records = list((tmp_path / "runs" / "records").rglob("*.json"))
    assert records
    assert all("seed0" in path.name for path in records)
