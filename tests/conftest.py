"""What all tests share: settings that point into a temporary folder."""

from pathlib import Path

import pytest

from invlib.settings import CHECKOUT, Settings


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Side by side, a file's tests stay together: they share what its fixtures made."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(str(item.path)))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """This checkout's notebooks and manifests; data, runs and published records of its own."""
    return Settings(
        root=CHECKOUT,
        data_dir=tmp_path / "data",
        runs_dir=tmp_path / "runs",
        published_dir=tmp_path / "published",
    )
