"""What all tests share: settings that point into a temporary folder."""

from pathlib import Path

import pytest

from invlib.settings import CHECKOUT, Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """This checkout's notebooks and manifests; data, runs and published records of its own."""
    return Settings(
        root=CHECKOUT,
        data_dir=tmp_path / "data",
        runs_dir=tmp_path / "runs",
        published_dir=tmp_path / "published",
    )
