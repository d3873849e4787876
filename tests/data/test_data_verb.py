"""`invlib data list|fetch|verify`: its table, its exit status, its progress."""

import argparse
import io
import sys

import pytest

from invlib.cli import data as verb
from invlib.data import Progress
from invlib.errors import InvlibError, UsageError
from invlib.settings import CHECKOUT


def run(tiny, *words: str) -> int:
    parser = argparse.ArgumentParser()
    verb.add_arguments(parser)
    return verb.run(parser.parse_args(words), tiny.settings)


def test_the_table_is_aligned_and_says_where_things_are(tiny, capsys) -> None:
    tiny.fill()
    assert run(tiny, "list") == 0
    head, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["name", "title", "state", "size", "folder"]
    assert row.split() == ["tiny", "Tiny", "digits", "good", "0.0", "MB", str(tiny.folder)]
    for column in ("title", "state", "size", "folder"):
        assert row[head.index(column) - 1] == " "
        assert row[head.index(column)] != " "


def test_list_shows_what_is_missing_and_succeeds(tiny, capsys) -> None:
    assert run(tiny, "list", "tiny") == 0
    assert " missing " in capsys.readouterr().out


def test_list_without_a_name_shows_every_data_set_of_the_repository(tiny, capsys) -> None:
    tiny.settings = tiny.settings.but(root=CHECKOUT)
    assert run(tiny, "list") == 0
    rows = capsys.readouterr().out.splitlines()[1:]
    assert [row.split()[0] for row in rows] == ["digits", "fashion_mnist", "mnist", "photographs"]
    assert [" good " in row for row in rows] == [True, False, False, True]


def test_verify_succeeds_only_if_everything_is_good(tiny, capsys) -> None:
    tiny.fill()
    assert run(tiny, "verify") == 0
    tiny.final[0].write_bytes(b"broken")
    tiny.final[1].unlink()
    assert run(tiny, "verify", "tiny") == 1
    out = capsys.readouterr().out
    assert f"{tiny.final[0]} has the wrong content: expected sha256" in out
    assert f"{tiny.final[1].name} is missing in {tiny.folder}" in out


def test_fetch_without_a_name_brings_all_that_is_not_bundled(tiny, server, capsys) -> None:
    server.serve(tiny)
    tiny.use(server.source("good"))
    (tiny.settings.manifests_dir / "digits.yaml").write_text(
        (CHECKOUT / "data_manifests" / "digits.yaml").read_text()
    )
    assert run(tiny, "fetch") == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(server.asked) == 4
    # A log has plain lines: no carriage returns, nothing about the bundled digits.
    assert len(shown.err.splitlines()) == 8
    assert "\r" not in shown.err
    assert run(tiny, "verify", "tiny") == 0


def test_an_unknown_name_is_refused_before_anything_is_fetched(tiny, server) -> None:
    server.serve(tiny)
    tiny.use(server.source("good"))
    with pytest.raises(UsageError, match="unknown data set 'tinny'"):
        run(tiny, "fetch", "tiny", "tinny")
    assert server.asked == []


def test_a_failed_fetch_is_an_error(tiny, server) -> None:
    server.serve(tiny)
    tiny.use(server.source("missing"))
    with pytest.raises(InvlibError, match="404"):
        run(tiny, "fetch", "tiny")


def test_an_unknown_action_is_a_usage_error(tiny, capsys) -> None:
    with pytest.raises(SystemExit) as leaving:
        run(tiny, "remove")
    assert leaving.value.code == 2
    assert "list" in capsys.readouterr().err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_for_each_file(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with verb.Reporter() as report:
        report(Progress("a.gz", 10, 100))
        report(Progress("a.gz", 100, 100))
        report(Progress("a.gz", text="a.gz: good"))
        report(Progress("b.gz", 5))
    shown = screen.getvalue()
    assert "a.gz:  10%" in shown
    assert "a.gz: good\n" in shown
    assert "b.gz: 5" in shown
