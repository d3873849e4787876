"""A notebook or a profile that its author got wrong: named, with what is wrong, by every verb."""

import pytest

NOTEBOOK, PROFILES = "notebooks/linear/three_ways.py", "notebooks/profiles.yaml"
CASES = {
    "no head": (NOTEBOOK, "# ---\n# jupyter:", "# jupyter:", "no head"),
    "a head that is no YAML": (NOTEBOOK, "# jupyter:\n", "# jupyter: [\n", "not valid YAML"),
    "a tag in the head": (NOTEBOOK, "quick: 10,", "quick: !!python/name:os.system ,", "valid YAML"),
    "a date that is none": (NOTEBOOK, "quick: 10,", "quick: 2020-13-45,", "month must be in"),
    "another language": (NOTEBOOK, "language: python", "language: R", "`language: python`"),
    "a missing entry": (
        NOTEBOOK,
        "#     shows: Figs. 2 and 4, convergence, cost\n",
        "",
        "has too much: shows",
    ),
    "an entry of another type": (
        NOTEBOOK,
        "Figs. 2 and 4, convergence, cost",
        "4",
        "invlib.shows must be a str",
    ),
    "a missing profile": (
        NOTEBOOK,
        "{quick: digits, paper: mnist}",
        "{quick: digits}",
        "invlib.data",
    ),
    "no title": (NOTEBOOK, "# # Three ways", "# Three ways", "must start with a title"),
    "no parameters": (NOTEBOOK, '"parameters", ', "", "no cell is tagged `parameters`"),
    "no comment": (NOTEBOOK, "  # full-batch steps", "", "epochs has no comment behind it"),
    "no literal": (
        NOTEBOOK,
        "epochs = 1000",
        "epochs = 10 * 100",
        "more than `name = value`",
    ),
    "logic": (NOTEBOOK, "epochs = 1000", "print(1)", "more than `name = value`"),
    "no Python": (NOTEBOOK, "epochs = 1000", "epochs = = 1000", "is not Python"),
    "no entry": (
        PROFILES,
        "linear/three_ways:",
        "linear/four_ways:",
        "disagree about: linear/four_ways",
    ),
    "an empty file": (PROFILES, None, "", "found None"),
    "a list": (PROFILES, None, "- quick", "found ['quick']"),
    "an unknown profile": (
        PROFILES,
        "quick: {}",
        "fast: {}",
        "must list the profiles",
    ),
    "values that are none": (PROFILES, "quick: {}", "quick: 7", "quick must list parameters"),
    "a declaration that is none": (
        PROFILES,
        "quick: {}",
        "pending: maybe\n  quick: {}",
        "pending must be true or false",
    ),
    "profiles that are no YAML": (PROFILES, "quick: {}", "quick: {", "not valid YAML"),
}


@pytest.mark.parametrize("what", CASES)
def test_it_is_named_in_one_line(invlib, own_root, what):
    name, old, new, said = CASES[what]
    path = own_root / name
    text = path.read_text()
    assert old is None or old in text
    path.write_text(new if old is None else text.replace(old, new, 1))
    for verb in ("list", "status"):
        answer = invlib(verb)
        assert answer.status == 1
        assert answer.out == ""
        assert len(answer.message) == 1
        assert said in answer.err
        assert name.rsplit("/", 1)[1] in answer.err


def test_bytes_that_are_no_text(invlib, own_root):
    (own_root / NOTEBOOK).write_bytes(b"\xff\xfe\x00")
    answer = invlib("list")
    assert answer.status == 1
    assert "three_ways.py is not UTF-8 text" in answer.err


def test_a_study_that_does_not_exist(invlib, own_root, no_kernel):
    path = own_root / NOTEBOOK
    path.write_text(path.read_text().replace("linear.three_ways\n", "linear.four_ways\n", 1))
    answer = invlib("run", "linear/three_ways")
    assert answer.status == 1
    assert len(answer.message) == 1
    assert "invlib.studies.linear.four_ways offers no STUDY" in answer.err


def test_a_default_that_the_study_refuses(invlib, own_root, folders, no_kernel):
    path = own_root / NOTEBOOK
    path.write_text(path.read_text().replace("epochs = 1000", "epochs = 0", 1))
    answer = invlib("run", "linear/three_ways")
    assert answer.status == 2
    assert "epochs is 0; it must be at least 1" in answer.err
    assert not folders.runs.exists()
