"""What a result depends on: the files that it reaches, and what they say rather than how."""

import concurrent.futures

import pytest

from invlib.records import source
from invlib.records.source import imported_by, reached, source_hash


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A small invlib: one uses two through a package that also offers three."""
    root = tmp_path / "invlib"
    files = {
        "__init__.py": "",
        "one.py": "from invlib.box import two\nfrom invlib.errors import x\nvalue = two()\n",
        "box/__init__.py": "from invlib.box.b import two\nfrom invlib.box.c import three\n",
        "box/b.py": '"""Two."""\n\n\ndef two():\n    """Two."""\n    return 2  # two\n',
        "box/c.py": "def three():\n    return 3\n",
        "errors.py": "x = 1\n",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(source, "PACKAGE", root)
    return root


def test_a_re_export_leads_to_the_file_that_defines_it(package):
    assert reached("invlib.one") == {"invlib.one", "invlib.box.b"}


def test_modules_and_lazy_imports_count(package):
    (package / "one.py").write_text(
        "def f():\n    import invlib.box.c\n    from invlib.box import b\n"
    )
    assert set(imported_by(package / "one.py")) == {"invlib.box.c", "invlib.box.b"}


@pytest.mark.parametrize(
    ("name", "text", "changes"),
    [
        ("box/b.py", "def two():\n    return 2\n", False),  # no docstrings, no comment
        ("box/b.py", '"""Other."""\n\ndef two():\n    return 2  # other\n', False),
        ("box/b.py", "def two():\n    return 3\n", True),
        ("box/b.py", 'def two():\n    return "# 2"\n', True),
        ("box/c.py", "def three():\n    return 4\n", False),  # not reached
        ("errors.py", "x = 2\n", False),  # cannot change a number
        ("one.py", "from invlib.box import two\nvalue = two() + 1\n", True),
    ],
)
def test_only_a_change_of_meaning_in_a_reached_file_changes_the_hash(package, name, text, changes):
    before = source_hash("invlib.one")
    (package / name).write_text(text)
    assert (source_hash("invlib.one") != before) == changes


def test_the_real_experiment_reaches_its_mathematics_and_not_its_pictures():
    modules = reached("invlib.studies.linear.two_layer")
    assert {"invlib.groups.group", "invlib.methods.ways"} <= modules
    assert {"invlib.training.full_batch", "invlib.data.images"} <= modules
    for module in modules:
        assert module.split(".")[1] not in {"figures", "tables", "claims", "book", "cli"}
    assert "invlib.data.fetch" not in modules


def test_many_threads_may_ask_at_once():
    names = ["invlib.studies.linear.two_layer", "invlib.claims.table", "invlib.figures.show"]
    source._tree.cache_clear()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        hashes = list(pool.map(source_hash, names * 8))
    assert len(set(hashes)) == len(names)
