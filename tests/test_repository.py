"""The checkout as a whole: what may be in git, what may import what, and what must say the same."""

import ast
import importlib.metadata
import platform
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from invlib.book.publish import lacks_records
from invlib.data.manifest import names as data_sets
from invlib.experiment import RANDOM
from invlib.settings import CHECKOUT, Settings
from invlib.studies.notebook import PROFILES, all_notebooks

SETTINGS = Settings()
NOTEBOOKS = {notebook.name: notebook for notebook in all_notebooks(SETTINGS)}
MODULES = sorted((CHECKOUT / "invlib").rglob("*.py"))
PINS = {
    canonicalize_name(requirement.name): requirement
    for line in (CHECKOUT / "requirements.txt").read_text().splitlines()
    if line and not line.startswith("#")
    for requirement in [Requirement(line)]
}
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
# Room by room, each importing only from rows above its own, or from its own row.
ROWS = (
    ("errors", "settings", "files", "yaml_text", "config", "experiment", "imports"),
    ("groups",),
    ("data",),
    ("models",),
    ("metrics", "saliency", "closed_form"),
    ("training", "methods"),
    ("records", "engine"),
    ("studies",),
    ("claims", "tables", "figures", "exercises"),
    ("book",),
    ("cli",),
    ("__main__",),
)
# What these write, torch or a kernel reads; nothing of ours does.
SETS_FOR_OTHERS = {
    "__init__.py": (
        'os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")',
        'os.environ.setdefault("OMP_NUM_THREADS", "1")',
    ),
    "engine/forks.py": (
        "self._environment = dict(os.environ if environment is None else environment)",
        "os.environ.clear()",
        "os.environ.update(self._environment)",
        'os.environ["OMP_NUM_THREADS"] = str(threads)',
    ),
}
LEVEL = {room: level for level, row in enumerate(ROWS) for room in row}


def in_git(*options: str) -> list[Path]:
    """Files of the checkout by git's account; a test without git has nothing to say."""
    command = ["git", "-C", str(CHECKOUT), "ls-files", "-z", *options]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [path for name in listed.split("\0") if name and (path := CHECKOUT / name).is_file()]


def relative(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(CHECKOUT)) for path in paths]


def imports(path: Path) -> set[str]:
    """The modules that a file names in its imports, wherever in it they stand."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


# What is in git


def test_no_notebook_with_outputs_is_in_git():
    assert relative([path for path in in_git() if path.suffix == ".ipynb"]) == []


def test_no_file_in_git_is_large():
    assert relative([path for path in in_git() if path.stat().st_size > 2_000_000]) == []


def test_nothing_is_left_to_do():
    mark = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    left = []
    for path in in_git("--cached", "--others", "--exclude-standard"):
        if path.suffix not in (".npz", ".json", ".csv"):
            text = path.read_text(encoding="utf-8", errors="replace")
            left += [f"{path.name}: {found[0]}" for found in mark.finditer(text)]
    assert left == []


# Notebooks


def test_every_notebook_is_described_and_every_description_has_one():
    listed = relative(in_git("--cached", "--others", "--exclude-standard", "notebooks"))
    sources = {name for name in listed if name.endswith(".py")}
    assert sources == {f"notebooks/{name}.py" for name in NOTEBOOKS}
    assert sources


def test_a_notebook_whose_runs_are_published_is_not_declared_to_lack_them():
    recall = SETTINGS.but(compute="never")
    complete = [
        name
        for name, notebook in NOTEBOOKS.items()
        if notebook.pending and not lacks_records(notebook, recall)
    ]
    assert complete == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_parameters_are_those_of_the_study_with_the_same_defaults(name):
    notebook = NOTEBOOKS[name]
    defaults = notebook.study().parameters()
    assert {parameter.name: parameter.default for parameter in notebook.parameters} == (
        defaults.plain()
    )
    assert notebook.config("quick", {}) is not None


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_profile_is_one_that_the_study_accepts(name, profile):
    notebook = NOTEBOOKS[name]
    config = notebook.config(profile)
    assert config.plain().items() >= dict(notebook.profiles[profile]).items()
    assert notebook.data[profile] in (*data_sets(SETTINGS), RANDOM)
    assert notebook.seconds[profile] > 0


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_text_states_the_seconds_of_the_head(name):
    lines = NOTEBOOKS[name].path.read_text(encoding="utf-8").splitlines()
    text = " ".join(line.lstrip("# ") for line in lines if line.startswith("#"))
    stated = re.findall(r"([\d.]+) s at profile (\w+)", text)
    assert {profile: float(seconds) for seconds, profile in stated} == NOTEBOOKS[name].seconds


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_imports_only_the_library(name):
    rooms = {module.split(".")[0] for module in imports(NOTEBOOKS[name].path)}
    assert rooms == {"invlib"}


# The library


@pytest.mark.parametrize("path", MODULES, ids=relative(MODULES))
def test_imports_point_only_downward(path):
    room = path.relative_to(CHECKOUT / "invlib").with_suffix("").parts[0]
    if room == "__init__":
        assert not any(module.startswith("invlib") for module in imports(path))
        return
    for module in imports(path):
        if module.startswith("invlib."):
            other = module.split(".")[1]
            assert LEVEL[other] <= LEVEL[room], f"{room} imports {module}"
        assert not module.startswith("notebooks")


@pytest.mark.parametrize("path", MODULES, ids=relative(MODULES))
def test_only_the_settings_read_the_environment(path):
    name = str(path.relative_to(CHECKOUT / "invlib"))
    if name == "settings.py":
        return
    text = path.read_text(encoding="utf-8")
    for allowed in SETS_FOR_OTHERS.get(name, ()):
        assert allowed in text
        text = text.replace(allowed, "")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("environ", "environb", "getenv", "getenvb"), node.lineno
        assert not isinstance(node, ast.ImportFrom) or node.module != "os"


# Packages


def test_every_package_is_pinned_exactly_and_installed_so():
    wrong = []
    for name, requirement in PINS.items():
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), requirement
        if requirement.marker is None or requirement.marker.evaluate():
            installed = Version(importlib.metadata.version(name))
            pinned = Version(str(requirement.specifier)[2:])
            if installed.public != pinned.public:  # a local label says for what it was built
                wrong.append(f"{name} {installed} is not {pinned}")
    assert wrong == []


def test_what_the_project_asks_for_is_pinned_within_its_range():
    extras = PROJECT["optional-dependencies"].values()
    asked = [Requirement(text) for texts in (PROJECT["dependencies"], *extras) for text in texts]
    for requirement in asked:
        pin = PINS[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(str(pin.specifier)[2:]), requirement


def test_torch_and_torchvision_are_a_pair():
    assert str(PINS["torch"].specifier) == "==2.13.0"
    assert str(PINS["torchvision"].specifier) == "==0.28.0"


def test_every_pin_installs_on_the_oldest_python_that_we_promise():
    """Debian's Python 3.11.2, say: a pin that asks for more breaks the README's first line."""
    oldest = PROJECT["requires-python"].removeprefix(">=")
    installed = [n for n, pin in PINS.items() if pin.marker is None or pin.marker.evaluate()]
    asks = {name: importlib.metadata.metadata(name)["Requires-Python"] for name in installed}
    too_new = {n: text for n, text in asks.items() if text and oldest not in SpecifierSet(text)}
    assert not too_new


def test_conda_leads_to_the_same_environment():
    environment = yaml.safe_load((CHECKOUT / "environment.yml").read_text())
    plain = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    (by_pip,) = (entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    assert by_pip == ["-r requirements.txt", "-e ."]
    (python,) = (entry for entry in plain if entry.startswith("python="))
    allowed = SpecifierSet(PROJECT["requires-python"])
    assert allowed.contains(python.removeprefix("python="))
    assert allowed.contains(platform.python_version())
    assert {entry.split("=")[0] for entry in plain} <= {"python", "pip", "make"}


def test_the_readme_names_the_two_commands():
    readme = CHECKOUT / "README.md"
    if not readme.exists():
        pytest.skip("no README.md")
    text = readme.read_text(encoding="utf-8")
    assert "make book" in text
    assert "make test" in text
    assert "environment.yml" in text
