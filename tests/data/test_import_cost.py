"""Importing the data package costs nothing that only some of its users need."""

import subprocess
import sys

import pytest

from invlib.settings import CHECKOUT

HEAVY = ("torch", "sklearn", "requests", "PIL", "pandas")


@pytest.mark.parametrize("module", ["invlib.data", "invlib.cli.data"])
def test_importing_and_listing_load_nothing_heavy(module: str) -> None:
    code = (
        f"import sys, {module}; from invlib.data import names, read, survey\n"
        "from invlib.settings import Settings\n"
        "settings = Settings()\n"
        "for name in names(settings): survey(read(name, settings), settings.data_dir)\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"


def test_the_public_functions_stay_functions() -> None:
    # `fetch` is also a module of the package; importing that must not replace the function.
    import invlib.data
    import invlib.data.fetch

    for name in ("load", "fetch", "load_photographs", "read", "names", "survey"):
        assert callable(getattr(invlib.data, name))
