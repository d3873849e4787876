"""The only module that reads environment variables: where things are, and what may be done."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from invlib.errors import UsageError

CHECKOUT = Path(__file__).resolve().parents[1]
COMPUTE_MODES = ("missing", "never")


@dataclass(frozen=True)
class Settings:
    """Folders and switches. Tests build their own; programs use `from_environment`."""

    root: Path = CHECKOUT  # the checkout: notebooks/, book/, data_manifests/
    data_dir: Path = CHECKOUT / "data"  # data sets, in torchvision's layout
    runs_dir: Path = CHECKOUT / "runs"  # what this machine computed
    published_dir: Path = CHECKOUT / "book" / "results"  # paper-profile records, in git
    offline: bool = False  # refuse to fetch
    compute: str = "missing"  # "missing": compute what no record holds; "never": only recall
    workers: int = 1  # processes that compute runs
    device: str = "auto"  # where networks are trained: an accelerator if there is one
    notebook: str = ""  # the notebook this kernel executes, when the runner started it
    profile: str = ""  # and the profile it runs at

    @property
    def notebooks_dir(self) -> Path:
        return self.root / "notebooks"

    @property
    def manifests_dir(self) -> Path:
        return self.root / "data_manifests"

    @property
    def build_dir(self) -> Path:
        return self.root / "_build"

    def environment(self) -> dict[str, str]:
        """The variables that give a child process these same settings."""
        return {
            "INVLIB_ROOT": str(self.root),
            "INVLIB_DATA": str(self.data_dir),
            "INVLIB_RUNS": str(self.runs_dir),
            "INVLIB_PUBLISHED": str(self.published_dir),
            "INVLIB_OFFLINE": "1" if self.offline else "",
            "INVLIB_COMPUTE": self.compute,
            "INVLIB_WORKERS": str(self.workers),
            "INVLIB_DEVICE": self.device,
            "INVLIB_NOTEBOOK": self.notebook,
            "INVLIB_PROFILE": self.profile,
        }

    def but(self, **changes: object) -> "Settings":
        return replace(self, **changes)


def from_environment() -> Settings:
    """Settings from INVLIB_* variables, each with a default that suits a fresh checkout."""
    root = Path(os.environ.get("INVLIB_ROOT") or CHECKOUT)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Settings(
        root=root,
        data_dir=Path(os.environ.get("INVLIB_DATA") or cache / "invlib").expanduser(),
        runs_dir=Path(os.environ.get("INVLIB_RUNS") or root / "runs").expanduser(),
        published_dir=Path(os.environ.get("INVLIB_PUBLISHED") or root / "book" / "results"),
        offline=os.environ.get("INVLIB_OFFLINE", "").lower() in {"1", "true", "yes"},
        compute=_one_of("INVLIB_COMPUTE", COMPUTE_MODES),
        workers=_positive("INVLIB_WORKERS"),
        device=os.environ.get("INVLIB_DEVICE") or "auto",
        notebook=os.environ.get("INVLIB_NOTEBOOK", ""),
        profile=os.environ.get("INVLIB_PROFILE", ""),
    )


def _one_of(name: str, allowed: tuple[str, ...]) -> str:
    value = os.environ.get(name) or allowed[0]
    if value not in allowed:
        raise UsageError(f"{name} is {value!r}; it must be one of: {', '.join(allowed)}.")
    return value


def _positive(name: str) -> int:
    text = os.environ.get(name) or "1"
    if not text.isdigit() or int(text) < 1:
        raise UsageError(f"{name} is {text!r}; it must be a whole number of 1 or more.")
    return int(text)
