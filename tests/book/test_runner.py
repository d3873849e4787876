"""A notebook run headless: what goes in, where everything is put, and by which kernel."""

import json
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest

SLOTS = [
    (slot, name) for slot in ("quick", "paper", "published") for name in ("toy/one", "toy/two")
]


def test_the_first_build_says_what_ran_and_ends_with_the_path_to_open(built):
    checkout, answer = built
    lines = answer.out.splitlines()
    assert lines[-1] == str(checkout.root / "_build" / "html" / "index.html")
    assert Path(lines[-1]).is_file()
    assert f"10 records published in {checkout.published}" in lines
    assert sum(" done in " in line for line in lines) == len(SLOTS)
    assert "ERROR" not in answer.err  # kernels are interrupted when they end, and say so


def test_parameters_are_injected_in_a_folded_cell(built):
    checkout, _ = built
    notebook = nbformat.read(checkout.executed("paper", "toy/one"), as_version=4)
    tags = [cell.metadata.get("tags", []) for cell in notebook.cells]
    injected = next(i for i, names in enumerate(tags) if "injected-parameters" in names)
    assert "parameters" in tags[injected - 1]
    assert "hide-input" in tags[injected]
    assert notebook.cells[injected].metadata.mystnb.code_prompt_show == "Parameters of this run"
    assert "size = 3" in notebook.cells[injected].source.splitlines()
    # By profile paper: three sizes, two seeds, factors 1 and 2.
    assert notebook.cells[-1].outputs[0].text == "values [2.0, 3.0, 4.0, 5.0, 6.0, 7.0]\n"


@pytest.mark.parametrize(("slot", "name"), SLOTS)
def test_an_executed_notebook_holds_no_path_of_this_machine(built, slot, name):
    checkout, _ = built
    text = checkout.executed(slot, name).read_text()
    metadata = json.loads(text)["metadata"]["papermill"]
    assert metadata["input_path"] == f"notebooks/{name}.py"
    assert metadata["output_path"] == f"{name.split('/')[1]}.ipynb"
    for path in (checkout.root.parent, tempfile.gettempdir(), sys.prefix, Path.home()):
        assert f"{path}/" not in text


@pytest.mark.parametrize(("slot", "name"), SLOTS)
def test_ledger_and_log_lie_beside_the_executed_notebook(built, slot, name):
    checkout, _ = built
    entry = checkout.ledger(slot, name)
    profile = "quick" if slot == "quick" else "paper"
    size = 3 if (name, profile) == ("toy/one", "paper") else 2
    assert (entry["notebook"], entry["profile"], entry["state"]) == (name, profile, "done")
    assert entry["parameters"]["size"] == size
    assert set(entry["parameters"]) == {"dataset", "size", "pause", "factors"}
    assert len(entry["records"]) == size * 2  # seeds
    origin = "published" if slot == "published" else "local"
    assert all(r["origin"] == origin and not r["stale"] for r in entry["records"])
    store = checkout.published if slot == "published" else checkout.root / "runs" / "records"
    assert all((store / f"{record['path']}.json").is_file() for record in entry["records"])
    assert 0 < entry["seconds"] < 60
    assert entry["packages"]["papermill"]
    log = checkout.executed(slot, name).with_suffix(".log").read_text()
    assert "values [" in log
    done = checkout.executed(slot, name).with_suffix(".done.json")
    assert json.loads(done.read_text()) == entry


def test_every_kernel_is_this_python_in_the_checkout_over_a_socket_of_its_own(built):
    checkout, _ = built
    notes = checkout.kernels()
    assert checkout.ran() == sorted((name, slot) for slot, name in SLOTS)
    assert {note["executable"] for note in notes} == {sys.executable}
    assert {note["folder"] for note in notes} == {str(checkout.root)}
    assert {note["transport"] for note in notes} == {"ipc"}
    assert len({note["ip"] for note in notes}) == len(notes)


def test_two_notebooks_run_at_once(built):
    checkout, _ = built
    first, second = (
        note
        for note in checkout.kernels()
        if (note["profile"], note["compute"]) == ("paper", "missing")
    )
    assert first["started"] < second["ended"]
    assert second["started"] < first["ended"]


def test_changed_parameters_of_every_type_reach_the_notebook(tiny):
    words = ("run", "toy/two", "-p", "size", "1", "-p", "pause", "1e-3")
    words += ("-p", "dataset", "digits", "-p", "factors", "[3, 1e-1]")
    answer = tiny.invlib(*words)
    assert answer.status == 0, answer.err
    executed = Path(answer.out.splitlines()[-1])
    cells = nbformat.read(executed, as_version=4).cells
    injected = next(c for c in cells if "injected-parameters" in c.metadata.get("tags", []))
    lines = injected.source.splitlines()
    assert {"size = 1", "pause = 0.001", 'dataset = "digits"', "factors = [3, 0.1]"} <= set(lines)
    assert cells[-1].outputs[0].text == "values [1.0, 2.0]\n"
    # A run with changed parameters has a place of its own; the book's stays as it was.
    assert executed.parts[-3].startswith("quick-")
    assert tiny.ledger("quick", "toy/two")["parameters"]["size"] == 2
    assert tiny.outdated() == set()


def test_folders_given_relative_to_the_shell_are_found_by_the_kernel(tiny, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = tiny.environment | {"INVLIB_RUNS": "own runs"}
    words = ("run", "toy/one", "-p", "factors", "[9]")  # which no published record holds
    answer = tiny.invlib(*words, cwd=elsewhere, env=environment)
    assert answer.status == 0, answer.err
    own = elsewhere / "own runs"
    assert len(list((own / "executed").glob("quick-*/toy/one.ipynb"))) == 1
    assert len(list((own / "records" / "toy" / "one").glob("*.json"))) == 4
    assert [note["folder"] for note in tiny.kernels()] == [str(tiny.root)]
