"""What has not changed does not run again; what has changed runs again, and nothing else does."""

import pytest

ONE = {("toy/one", "quick"), ("toy/one", "published")}
TWO = {("toy/two", "quick"), ("toy/two", "published")}
HELPER = "invlib/studies/toy/helper.py"
CHECKSUM = "8378025ad2519d649d02e32bd98990db4ab572357d9f09841c2fbfbb4fefad29"

CHANGES = {
    "a notebook": ("notebooks/toy/one.py", 'print("values"', 'print("the values"', ONE),
    "its default": ("notebooks/toy/two.py", "size = 2", "size = 3", TWO),
    "its quick profile": (
        "notebooks/profiles.yaml",
        "toy/one:\n  quick: {}",
        "toy/one:\n  quick: {size: 4}",
        {("toy/one", "quick")},
    ),
    "its paper profile": (
        "notebooks/profiles.yaml",
        "size: 3",
        "size: 1",
        {("toy/one", "published")},
    ),
    "source that one reaches": (HELPER, "return 1.0", "return 2.0", ONE),
    "source that both reach": (
        "invlib/experiment.py",
        "nothing is kept",
        "none is kept",
        ONE | TWO,
    ),
    "data of one": ("data_manifests/photographs.yaml", CHECKSUM, "0" * 64, TWO),
    "a pin": ("requirements.txt", "tqdm==", "tqdm == ", ONE | TWO),
    "claims of one": ("notebooks/toy/claims/one.yaml", "0.1", "0.2", ONE),
    # And what no result depends on.
    "a comment": (HELPER, "return 1.0", "return 1.0  # metres", set()),
    "a docstring": (HELPER, "What only study one uses", "What study one uses", set()),
    "source that neither reaches": (
        "invlib/figures/curves.py",
        "from collections",
        "A = 1\nfrom collections",
        set(),
    ),
    "another study": (
        "invlib/studies/linear/three_ways.py",
        "from collections",
        "A = 1\nfrom collections",
        set(),
    ),
    "a verb": ("invlib/cli/clean.py", "import shutil", "import shutil\nA = 1", set()),
    "the words of a manifest": (
        "data_manifests/photographs.yaml",
        "title: Two photographs",
        "title: Two pictures",
        set(),
    ),
    "data of neither": ("data_manifests/mnist.yaml", "ba891046", "00000000", set()),
    "the book's prose": ("book/intro.md", "A tiny book", "A small book", set()),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_outdates_just_what_depends_on_it(tiny, what):
    name, old, new, expected = CHANGES[what]
    tiny.edit(name, old, new)
    assert tiny.outdated() == expected


def test_a_change_in_the_published_records_outdates_their_paper(tiny):
    gone = next(tiny.published.glob("toy/two/*.json"))
    gone.unlink()
    assert tiny.outdated() == ONE | TWO


def test_nothing_changed_starts_no_kernel(built):
    checkout, _ = built
    before, page = checkout.kernels(), checkout.page("index")
    changed_at = checkout.executed("quick", "toy/one").stat().st_mtime_ns
    again = checkout.invlib("book", "--profile", "paper")
    assert again.status == 0
    lines = again.out.splitlines()
    assert lines[0].startswith("0 records published")
    assert lines[1:] == [str(checkout.root / "_build" / "html" / "index.html")]
    one = checkout.invlib("run", "toy/one")
    assert one.out.splitlines()[0] == "nothing has changed since it last ran"
    assert checkout.kernels() == before
    assert checkout.page("index") == page
    assert checkout.executed("quick", "toy/one").stat().st_mtime_ns == changed_at


def test_the_same_changed_parameters_run_once(tiny):
    words = ("run", "toy/one", "-p", "factors", "[0.5]")
    first, second = tiny.invlib(*words), tiny.invlib(*words)
    assert first.status == second.status == 0
    assert "nothing has changed" in second.out
    assert first.out.splitlines()[-1] == second.out.splitlines()[-1]
    assert len(tiny.kernels()) == 1
    assert tiny.invlib(*words, "--force").status == 0
    assert len(tiny.kernels()) == 2


def test_a_longer_run_computes_only_what_is_new(tiny):
    records = tiny.root / "runs" / "records" / "toy" / "two"
    before = {path: path.stat().st_mtime_ns for path in records.iterdir()}
    assert tiny.invlib("run", "toy/two", "-p", "size", "3").status == 0
    after = {path: path.stat().st_mtime_ns for path in records.iterdir()}
    assert before.items() <= after.items()
    assert sorted(path.name.split("-")[0] for path in after.keys() - before) == ["size2", "size2"]
