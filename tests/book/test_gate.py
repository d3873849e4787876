"""What may stand in the book: never a failure as a result, never an old result as a new one."""

import hashlib

import nbformat
import pytest

RAISE = 'print("values"'
RAISES = 'raise ValueError("a cell that raises")\nprint("values"'


def contents(folder):
    """Every file of a folder with a hash of what it holds."""
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.slow
def test_a_cell_that_raises_stops_the_book_and_leaves_the_earlier_one(tiny_with_book):
    tiny = tiny_with_book
    html, executed = tiny.root / "_build" / "html", tiny.executed("quick", "toy/one")
    book, earlier = contents(html), executed.read_bytes()
    tiny.edit("notebooks/toy/one.py", RAISE, RAISES)

    refused = tiny.invlib("book")
    assert refused.status == 1
    for slot in ("quick", "published"):
        assert f"toy/one ({slot}): its last execution failed: ValueError: a cell" in refused.err
    assert "the earlier one, if any, is untouched" in refused.err
    assert "--allow-stale" in refused.err
    assert "Traceback" not in refused.out + refused.err
    assert tiny.ran() == [("toy/one", "published"), ("toy/one", "quick")]
    assert contents(html) == book
    assert executed.read_bytes() == earlier
    failed = executed.with_suffix(".failed.ipynb")
    assert str(failed) in refused.out
    outputs = [o for c in nbformat.read(failed, 4).cells for o in c.get("outputs", [])]
    assert any("a cell that raises" in "".join(o.get("traceback", [])) for o in outputs)
    assert "failed" in tiny.invlib("status").out

    shown = tiny.invlib("book", "--allow-stale")
    assert shown.status == 0, shown.err
    for name, banners in (("quick/toy/one", 1), ("toy/one", 1), ("quick/toy/two", 0)):
        assert tiny.page(name).count('class="inv-banner"') == banners
    page = tiny.page("quick/toy/one")
    assert "its last execution failed: ValueError: a cell that raises." in page
    assert "values [" in page  # the earlier success
    assert "Traceback" not in page

    tiny.edit("notebooks/toy/one.py", RAISES, RAISE)
    tiny.forget_kernels()
    mended = tiny.invlib("book")
    assert mended.status == 0, mended.err
    assert tiny.ran() == []  # its earlier success is of just this notebook
    assert 'class="inv-banner"' not in tiny.page("quick/toy/one")


def test_only_excuses_the_others_not_the_one_asked_for(tiny):
    tiny.edit("notebooks/toy/two.py", RAISE, RAISES)
    one = tiny.invlib("book", "--only", "toy/one")
    assert one.status == 0, one.err
    assert tiny.ran() == []
    assert "it has changed since it was last executed" in tiny.page("toy/two")
    assert 'class="inv-banner"' not in tiny.page("toy/one")
    two = tiny.invlib("book", "--only", "toy/two")
    assert two.status == 1
    assert "toy/two (quick): its last execution failed" in two.err
    assert "toy/one" not in two.err


@pytest.mark.slow
def test_old_published_records_are_shown_with_a_mark(tiny):
    tiny.edit("invlib/studies/toy/helper.py", "return 1.0", "return 10.0")
    answer = tiny.invlib("book")
    assert answer.status == 0, answer.err
    assert tiny.ran() == [("toy/one", "published"), ("toy/one", "quick")]
    page, quick = tiny.page("toy/one"), tiny.page("quick/toy/one")
    assert "6 of 6 records on this page are stale" in page
    assert "values [2.0, 3.0, 4.0, 5.0, 6.0, 7.0]" in page
    assert 'class="inv-banner"' not in quick
    assert "values [20.0, 30.0, 40.0, 50.0]" in quick
    assert 'class="inv-banner"' not in tiny.page("toy/two")
    assert "stale" in tiny.page("made/status")
    assert "6 stale records" in tiny.invlib("status").out


def test_missing_published_records_are_refused_with_the_way_to_make_them(tiny):
    next(tiny.published.glob("toy/two/size1*.json")).unlink()
    answer = tiny.invlib("book", "--only", "toy/two")
    assert answer.status == 1
    assert "toy/two (published): the published records lack runs" in answer.err
    assert "make paper" in answer.err
    assert not (tiny.root / "_build" / "html").exists()
    last = tiny.ledger("published", "toy/two")
    assert last["state"] == "lacking records"
    assert "1 of 4 records do not exist (the first: toy/two size1 seed" in last["error"]


def test_runs_that_are_declared_to_come_do_not_stop_the_book(tiny):
    for path in tiny.published.glob("toy/two/*.json"):
        path.unlink()
    tiny.edit("notebooks/profiles.yaml", "toy/two:\n", "toy/two:\n  pending: true\n")
    answer = tiny.invlib("book")
    assert answer.status == 0, answer.err
    page = tiny.page("toy/two")
    assert "its runs at the scale of the paper are still to be made." in page
    assert "This page has no results yet" in page
    assert "values [" in tiny.page("quick/toy/two")
    assert 'class="inv-banner"' not in tiny.page("toy/one")
    tiny.forget_kernels()
    again = tiny.invlib("book")
    assert again.status == 0, again.err
    assert tiny.ran() == []  # nothing has come meanwhile


def test_a_declaration_excuses_nothing_but_missing_records(tiny):
    tiny.edit("notebooks/profiles.yaml", "toy/two:\n", "toy/two:\n  pending: true\n")
    tiny.edit("notebooks/toy/two.py", RAISE, RAISES)
    answer = tiny.invlib("book", "--only", "toy/two")
    assert answer.status == 1
    assert "toy/two (published): its last execution failed" in answer.err


@pytest.mark.slow
def test_a_book_can_be_shown_before_anything_has_succeeded(copy_of_built):
    tiny = copy_of_built("_build", "runs")
    for path in tiny.published.rglob("*.json"):
        path.unlink()
    tiny.edit("notebooks/toy/one.py", RAISE, RAISES)
    answer = tiny.invlib("book", "--allow-stale")
    assert answer.status == 0, answer.err
    assert "This page has no results yet" in tiny.page("toy/one")
    assert "compute them with: make paper" in tiny.page("toy/two")
    assert "values [" in tiny.page("quick/toy/two")


def test_published_records_survive_a_failed_paper_run(tiny):
    unasked = tiny.published / "toy" / "two" / "size8-seed0-0123456789abcdef.json"
    unasked.write_text("<<<<<<< a bad merge")
    tiny.edit("notebooks/toy/one.py", RAISE, "raise ValueError\n" + RAISE)
    tiny.edit("invlib/studies/toy/common.py", "index + 1.0", "index + 2.0")
    before = contents(tiny.published)
    answer = tiny.invlib("book", "--profile", "paper")
    assert answer.status == 1
    assert "failed at profile paper: toy/one" in answer.err
    assert "no published record was removed" in answer.err
    after = contents(tiny.published)
    assert after.keys() == before.keys()
    changed = {path.parts[1] for path in after if after[path] != before[path]}
    assert changed == {"two"}  # which finished
    assert "4 records published" in answer.out

    tiny.edit("notebooks/toy/one.py", "raise ValueError\n" + RAISE, RAISE)
    tiny.invlib("book", "--profile", "paper", "--only", "toy/one")
    assert contents(tiny.published).keys() == before.keys() - {unasked.relative_to(tiny.published)}
