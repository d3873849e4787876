"""Every verb: what it shows, how it ends, what it loads."""

import json
import subprocess
import sys
import webbrowser
from pathlib import Path

import pytest
import yaml

from invlib import __version__
from invlib.book import build
from invlib.claims.verdict import VERDICTS
from invlib.cli.main import VERBS
from invlib.cli.run import parse_value
from invlib.settings import CHECKOUT, Settings
from invlib.studies.notebook import all_notebooks

HEAVY = ("torch", "pandas", "papermill", "jupytext", "matplotlib", "sklearn", "requests")
NOTEBOOKS = all_notebooks(Settings())
CLAIMS = [
    {**claim, "notebook": notebook.name}
    for notebook in NOTEBOOKS
    if notebook.claims_path.is_file()
    for claim in yaml.safe_load(notebook.claims_path.read_text())
]
KEYS = {"id", "where", "statement", "paper", "notebook", "criterion", "measured", "seeds"}
KEYS |= {"seeds_holding", "verdict", "stale"}


def test_list_shows_parameters_with_default_and_meaning_and_the_cost(invlib):
    answer = invlib("list")
    assert (answer.status, answer.err) == (0, "")
    blocks = answer.out.strip().split("\n\n")
    for notebook, block in zip(NOTEBOOKS, blocks, strict=True):
        head, *lines = block.splitlines()
        assert head == f"{notebook.name}: {notebook.title} ({notebook.shows})"
        for profile, line in zip(("quick", "paper"), lines[:2], strict=True):
            assert f"profile {profile}: about {notebook.seconds[profile]:g} s" in line
            assert f"data {notebook.data[profile]}" in line
            for name, value in notebook.profiles[profile].items():
                assert f"{name} {value}" in line
        for parameter, line in zip(notebook.parameters, lines[2:], strict=True):
            assert line.split()[0] == parameter.name
            assert str(parameter.default) in line
            assert line.endswith(parameter.help)


@pytest.mark.parametrize(
    "words", [["--help"], ["list"], ["run", "--help"], ["run", "nowhere"], ["--version"]]
)
def test_what_needs_no_computing_loads_nothing_heavy(words):
    code = (
        "import sys\nfrom invlib.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        f"print(*[name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines()[-1] == ""


def test_help_names_every_verb_and_each_verb_has_help(invlib):
    answer = invlib("--help")
    assert answer.status == 0
    for verb in VERBS:
        assert f"\n    {verb} " in answer.out
        own = invlib(verb, "--help")
        assert own.status == 0
        assert own.out.startswith(f"usage: invlib {verb}")


def test_python_m_invlib_is_the_same():
    script = Path(sys.executable).with_name("invlib")
    if not script.exists():
        pytest.skip("the command is not installed beside this Python")
    for words in (["list"], ["--version"], ["run", "nowhere"], ["--help"]):
        long = [sys.executable, "-m", "invlib", *words]
        first, second = (
            subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, check=False)
            for command in (long, [str(script), *words])
        )
        assert (first.returncode, first.stdout) == (second.returncode, second.stdout)
        assert first.stderr == second.stderr


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("500", 500),
        ("0.1", 0.1),
        ("1e-3", 1e-3),
        ("-2E5", -2e5),
        ("mnist", "mnist"),
        ("true", True),
        ("[0.1, 1]", [0.1, 1]),
        ("[1e-3, 1]", [0.001, 1]),
        ("[1, [1e2]]", [1, [100.0]]),
        ("[]", []),
        ("", None),
        ("2020-13-45", "2020-13-45"),
        ("[1,", "[1,"),
        ("*unknown", "*unknown"),
        ("[" * 5000, "[" * 5000),
        ("!!python/object/apply:os.getcwd []", "!!python/object/apply:os.getcwd []"),
    ],
)
def test_a_value_is_read_as_people_mean_it(text, value):
    read = parse_value(text)
    assert read == value
    assert type(read) is type(value)


def test_status_of_a_fresh_checkout_and_of_a_damaged_ledger(invlib, folders):
    entry = folders.runs / "executed" / "quick" / f"{NOTEBOOKS[0].name}.json"
    entry.parent.mkdir(parents=True)
    for content in (None, "{", '{"notebook": 1}', "[]"):
        if content is not None:
            entry.write_text(content)
        answer = invlib("status")
        assert (answer.status, answer.err) == (0, "")
        rows = answer.out.splitlines()[1:]
        assert len(rows) == 2 * len(NOTEBOOKS)
        assert all(row.split(maxsplit=2)[2].strip() == "not run" for row in rows)


def test_claims_without_records_are_not_run(invlib):
    answer = invlib("claims")
    assert (answer.status, answer.err) == (0, "")
    assert answer.out.splitlines() == [f"{'not run':<16} {claim['id']}" for claim in CLAIMS]


def test_claims_as_json_have_every_key(invlib, folders):
    folders.published = CHECKOUT / "book" / "results"
    answer = invlib("claims", "--json")
    assert (answer.status, answer.err) == (0, "")
    rows = json.loads(answer.out, parse_constant=pytest.fail)  # no NaN
    assert [row["id"] for row in rows] == [claim["id"] for claim in CLAIMS]
    for row, claim in zip(rows, CLAIMS, strict=True):
        assert row.keys() == KEYS
        assert row["verdict"] in VERDICTS
        assert (row["paper"], row["notebook"]) == (claim.get("paper"), claim["notebook"])
        assert bool(row["measured"]) == (row["verdict"] != "not run") == bool(row["seeds"])
        assert 0 <= row["seeds_holding"] <= row["seeds"]
    folders.published = folders.runs  # where there is none
    unknown = json.loads(invlib("claims", "--json").out)
    assert {row["verdict"] for row in unknown} == {"not run"}


def test_clean_removes_what_was_built_and_keeps_the_rest(invlib, folders, own_root):
    built = [own_root / "_build" / "html" / "index.html", own_root / "_build" / "work" / "a"]
    runs = ("executed/quick/a.ipynb", "ipython/a", "verdicts/a.json")
    built += [folders.runs / name for name in runs]
    computed = [folders.runs / f"{name}/a" for name in ("records", "networks", "locks")]
    kept = [folders.published / "a.json", folders.data / "a.gz", own_root / "book" / "a.md"]
    for path in (*built, *computed, *kept):
        path.parent.mkdir(parents=True)
        path.write_text("a")
    answer = invlib("clean")
    assert (answer.status, answer.err) == (0, "")
    assert f"removed {own_root / '_build' / 'html'}" in answer.out
    assert not any(path.exists() for path in built)
    assert all(path.exists() for path in (*computed, *kept))
    assert invlib("clean", "--records").status == 0
    assert not any(path.exists() for path in computed)
    assert all(path.exists() for path in kept)
    nothing_left = invlib("clean", "--records")
    assert (nothing_left.status, nothing_left.out) == (0, "")


def test_book_passes_on_what_was_asked_and_opens_what_was_built(
    invlib, own_root, monkeypatch, tmp_path
):
    index, asked, opened = tmp_path / "index.html", [], []
    monkeypatch.setattr(build, "build_books", lambda _, **options: asked.append(options) or index)
    monkeypatch.setattr(webbrowser, "open", opened.append)
    answer = invlib("book")
    assert (answer.status, answer.out, opened) == (0, f"{index}\n", [])
    words = ("--profile", "paper", "--only", "linear", "--jobs", "3", "--allow-stale", "--open")
    assert invlib("book", *words).status == 0
    assert opened == [index.as_uri()]
    plain, changed = (
        {k: v for k, v in options.items() if k not in ("report", "advance")} for options in asked
    )
    assert plain == {"profile": "quick", "only": None, "jobs": 2, "allow_stale": False}
    assert changed == {"profile": "paper", "only": "linear", "jobs": 3, "allow_stale": True}


def test_version(invlib):
    answer = invlib("--version")
    assert (answer.status, answer.out) == (0, f"invlib {__version__}\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "VERB"),
        (["biuld"], "biuld"),
        (["run"], "notebook"),
        (["run", "linear/three_ways", "-p", "epochs"], "expected 2 arguments"),
        (["book", "--jobs", "many"], "--jobs"),
        (["book", "--fast"], "--fast"),
        (["data", "erase"], "erase"),
    ],
)
def test_a_command_that_does_not_exist_is_a_usage_error(invlib, words, said):
    answer = invlib(*words)
    assert answer.status == 2
    assert said in answer.err
    assert "Traceback" not in answer.err
