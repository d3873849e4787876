"""What a wrong name or value gets: a refusal that helps, before anything starts or is written."""

import pytest

from invlib.cli.main import main
from invlib.errors import UsageError

RUN = ("run", "linear/three_ways")
VALUES = [
    # name, value, what must be said
    (
        "epoch",
        "5",
        ["unknown parameter 'epoch'", "mean 'epochs'?", "Valid: dataset, epochs"],
    ),
    ("Seeds", "5", ["unknown parameter 'Seeds'", "Did you mean 'seeds'?"]),
    ("epochs", "many", ["epochs is 'many' (str)", "of type int"]),
    ("epochs", "1.5", ["epochs is 1.5 (float)", "of type int"]),
    (
        "epochs",
        "1000.0",
        ["epochs is 1000.0 (float)", "of type int"],
    ),  # though equal to the default
    ("epochs", "true", ["epochs is True (bool)", "of type int"]),
    ("epochs", "[5]", ["epochs is [5] (list)", "of type int"]),
    ("epochs", "{a: 1}", ["epochs is {'a': 1} (dict)", "of type int"]),
    ("epochs", "2020-01-31", ["epochs is datetime.date(2020, 1, 31)", "of type int"]),
    ("epochs", "2020-13-45", ["epochs is '2020-13-45' (str)", "of type int"]),
    ("epochs", "", ["epochs is None", "of type int"]),
    ("epochs", "0", ["epochs is 0", "at least 1"]),
    ("epochs", "-3", ["epochs is -3", "at least 1"]),
    ("hidden", "0", ["hidden is 0", "at least 1"]),
    ("hidden", "10", ["hidden is 10", "at most 9"]),
    ("seeds", "0", ["seeds is 0", "at least 1"]),
    ("samples", "0", ["samples is 0", "at least 1"]),
    ("samples", "1301", ["samples is 1301", "digits has 1300 training images without class 9"]),
    ("side", "1", ["side is 1", "at least 2"]),
    ("side", "3", ["side is 3", "must divide 8, the side of digits"]),
    ("side", "16", ["side is 16", "must divide 8, the side of digits"]),
    ("learning_rate", "0", ["learning_rate is 0.0", "at least 1e-09"]),
    ("learning_rate", "-0.001", ["learning_rate is -0.001", "at least 1e-09"]),
    ("learning_rate", ".nan", ["learning_rate is nan", "a finite number"]),
    ("learning_rate", "nan", ["learning_rate is nan", "a finite number"]),
    ("learning_rate", "inf", ["learning_rate is inf", "a finite number"]),
    ("learning_rate", "1e999", ["learning_rate is inf", "a finite number"]),
    ("strengths", "0.1", ["strengths is 0.1", "a list of float"]),
    ("strengths", "[]", ["strengths is empty"]),
    ("strengths", "[-0.1]", ["strengths[0] is -0.1", "at least"]),
    ("strengths", "[0.1, 0]", ["strengths[1] is 0.0", "at least"]),
    ("strengths", "[0.1, x]", ["strengths[1] is 'x' (str)", "of type float"]),
    ("strengths", "[0.1, 1e-1]", ["strengths is [0.1, 0.1]", "twice"]),
    ("strengths", "[[0.1]]", ["strengths[0] is [0.1] (list)", "of type float"]),
    (
        "dataset",
        "mnits",
        ["'mnits' for parameter dataset", "mean 'mnist'?", "Valid: digits"],
    ),
    ("dataset", "5", ["dataset is 5 (int)", "of type str"]),
    ("dataset", "no", ["dataset is False (bool)", "of type str"]),  # YAML's idea of no
    ("pooling", "maen", ["'maen' for parameter pooling", "Did you mean 'mean'?"]),
]
WORDS = [
    (("run", "linear/thre_ways"), ["unknown notebook", "Did you mean 'linear/three_ways'?"]),
    (("run", "../three_ways"), ["unknown notebook", "Valid:", "linear/three_ways"]),
    ((*RUN, "--profile", "papr"), ["unknown profile 'papr'", "Did you mean 'paper'?", "quick"]),
    (("book", "--profile", "full"), ["unknown profile 'full'", "Valid: paper, quick"]),
    (("book", "--only", "lineer"), ["unknown notebook or paper 'lineer'", "mean 'linear'?"]),
    (("book", "--jobs", "0"), ["--jobs is 0", "at least 1"]),
    (("book", "--jobs", "-1"), ["--jobs is -1", "at least 1"]),
    (("data", "fetch", "mnits"), ["unknown data set 'mnits'", "Did you mean 'mnist'?", "digits"]),
    (("data", "verify", "mnits"), ["unknown data set 'mnits'", "Did you mean 'mnist'?"]),
]


def faults(answer, folders, said) -> list[str]:
    """What is wrong with a refusal that should say these words."""
    written = (folders.runs, folders.published, folders.data)
    right = {
        "status 2": answer.status == 2,
        "nothing on stdout": answer.out == "",
        "two lines at most": len(answer.message) <= 2,
        "our name first": answer.err.startswith("invlib: "),
        "no traceback": "Traceback" not in answer.err,
        **{f"says {words!r}": words in answer.err for words in said},
        **{f"no {folder}": not folder.exists() for folder in written},
    }
    return [fault for fault, holds in right.items() if not holds]


@pytest.mark.parametrize(("name", "value", "said"), VALUES)
def test_a_bad_parameter_is_refused_before_anything_starts(
    invlib, folders, no_kernel, name, value, said
):
    assert faults(invlib(*RUN, "-p", name, value), folders, said) == []


@pytest.mark.parametrize(("words", "said"), WORDS)
def test_a_bad_name_is_refused_with_the_valid_ones(invlib, folders, own_root, words, said):
    assert faults(invlib(*words), folders, said) == []
    assert not (own_root / "_build").exists()


def test_limits_follow_the_data_set(invlib, folders, no_kernel):
    mnist = ("-p", "dataset", "mnist", "-p", "samples")
    said = ["side is 8", "must divide 28, the side of mnist"]
    assert faults(invlib(*RUN, *mnist, "100"), folders, said) == []
    said = ["samples is 54052", "mnist has 54051 training images without class 9"]
    assert faults(invlib(*RUN, *mnist, "54052", "-p", "side", "14"), folders, said) == []


def test_a_yaml_tag_is_never_executed(invlib, folders, no_kernel, tmp_path):
    mark = tmp_path / "executed"
    for value in (
        f"!!python/object/apply:os.system ['touch {mark}']",
        f"!!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path ['{mark}']]",
        f"[!!python/object/apply:os.system ['touch {mark}']]",
    ):
        for name, said in (("strengths", "must be a list of float"), ("dataset", "unknown value")):
            assert faults(invlib(*RUN, "-p", name, value), folders, [said]) == []
        assert not mark.exists()


@pytest.mark.parametrize(
    ("name", "value"), [("WORKERS", "0"), ("WORKERS", "two"), ("COMPUTE", "always")]
)
def test_a_bad_variable_of_the_shell_is_a_usage_error(capsys, monkeypatch, name, value):
    monkeypatch.setenv(f"INVLIB_{name}", value)
    assert main(["list"]) == 2
    assert capsys.readouterr().err.startswith(f"invlib: INVLIB_{name} is '{value}'; it must be")


def test_debug_shows_where_it_happened(invlib):
    with pytest.raises(UsageError, match="unknown notebook"):
        invlib("--debug", "run", "nowhere")
    with pytest.raises(UsageError, match="unknown notebook"):
        invlib("run", "nowhere", "--debug")
