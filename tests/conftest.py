"""What all tests share: settings that point into a temporary folder."""

from pathlib import Path

import pytest

from invlib.settings import CHECKOUT, Settings


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Side by side, a file's tests stay together, and so do those that share the built book."""
    for item in items:
        together = item.path.parent if item.path.parent.name == "built_book" else item.path
        item.add_marker(pytest.mark.xdist_group(str(together)))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """This checkout's notebooks and manifests; data, runs and published records of its own."""
    return Settings(
        root=CHECKOUT,
        data_dir=tmp_path / "data",
        runs_dir=tmp_path / "runs",
        published_dir=tmp_path / "published",
    )
