"""How fast things are, as seconds and as ratios taken in one run: `make bench`.

These machines are noisy, so nothing here is asserted; compare ratios, not days.

    python tests/benchmark.py [NAME ...]      those named; else all but `papers`, which is long
"""

import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmark_classifiers import classifiers
from stopwatch import timed

import invlib  # noqa: F401 - first: it sets how torch's threads wait

ROOT = Path(__file__).parents[1]
INVLIB = [sys.executable, "-m", "invlib"]


def main() -> None:
    chosen = sys.argv[1:] or list(BENCHMARKS)
    known = BENCHMARKS | LONG
    for name in chosen:
        if name not in known:
            sys.exit(f"no benchmark {name!r}; there are: {', '.join(known)}")
        print(f"\n{name}: {known[name].__doc__.splitlines()[0]}", flush=True)
        for label, value in known[name]().items():
            print(f"  {label:<58} {value}", flush=True)


def commands() -> dict[str, str]:
    """Verbs that only look, in seconds (target: under 1)."""
    return {
        "invlib --help": seconds(lambda: run("--help"), 3),
        "invlib list": seconds(lambda: run("list"), 3),
        "invlib data list": seconds(lambda: run("data", "list"), 3),
        "torch imported by them": "yes" if _imports_torch() else "no",
    }


def books() -> dict[str, str]:
    """Building the books of this checkout in a copy (targets: 90, 10 and 10 seconds)."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "checkout"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(copy)], check=True)
        nowhere = str(copy / "no-data")
        settings = {"INVLIB_ROOT": str(copy), "INVLIB_DATA": nowhere, "PYTHONPATH": str(copy)}

        def book() -> None:
            run("book", environment=settings, folder=copy)

        found = {"both books from nothing": seconds(book), "nothing changed": seconds(book)}
        notebook = copy / "notebooks" / "linear" / "three_ways.py"
        notebook.write_text(notebook.read_text() + "\n# touched\n")
        found["one notebook touched"] = seconds(book)
        published = ["run", "linear/three_ways", "--profile", "paper", "--force"]
        settings["INVLIB_COMPUTE"] = "never"
        label = "a notebook at profile paper from published records, no data"
        return found | {label: seconds(lambda: run(*published, environment=settings, folder=copy))}


def papers() -> dict[str, str]:
    """Computing all records at profile paper, a process per core (target: 20 minutes a paper)."""
    from invlib.engine.executors import available_cores
    from invlib.settings import Settings, from_environment
    from invlib.studies.notebook import all_notebooks
    from invlib.studies.study import collect

    data = from_environment().data_dir
    if not (data / "MNIST").is_dir():
        return {"skipped": f"MNIST is not in {data}; invlib data fetch mnist"}
    total = 0.0
    with tempfile.TemporaryDirectory() as folder:  # records that notebooks share count once
        settings = Settings(
            data_dir=data,
            runs_dir=Path(folder),
            published_dir=Path(folder) / "published",
            workers=available_cores(),
        )
        for notebook in all_notebooks(settings):
            study, parameters = notebook.study(), notebook.config("paper")
            spent = timed(functools.partial(collect, study, parameters, settings))
            total += spent
            print(f"  {notebook.name:<58} {spent:.0f} s", flush=True)
    return {"in all": f"{total / 60:.1f} minutes"}


def training() -> dict[str, str]:
    """An epoch of augmented training: ours against a loop over seeds on the images."""
    import torch
    from torch import nn

    from invlib.groups import rotations
    from invlib.methods.ways import LOSSES, Augmented
    from invlib.models.two_layer import TwoLayerLinear
    from invlib.training.full_batch import train_full_batch
    from invlib.training.seeds import stream

    seeds, n, side, classes, epochs = 10, 1000, 14, 9, 100
    group, way = rotations(side), Augmented()
    X = torch.rand(seeds, n, group.pixels, generator=stream(0, "X"), dtype=torch.float64)
    Y = torch.rand(seeds, n, classes, generator=stream(0, "Y"), dtype=torch.float64)

    def network(count: int) -> TwoLayerLinear:
        generators = [stream(s, "init") for s in range(count)]
        return TwoLayerLinear(inputs=group.pixels, hidden=5, outputs=classes, generators=generators)

    def ours() -> None:
        objective = way.objective(LOSSES["mse"], X, Y, group)
        train_full_batch(
            network(seeds), objective, epochs=epochs, learning_rate=1e-3,
            observe_every=epochs, observe=lambda epoch, W, loss: None,
        )  # fmt: skip

    def plain() -> None:
        for s in range(seeds):
            model = network(1)
            optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
            images = group.orbit(X[s]).reshape(-1, group.pixels)
            targets = Y[s].repeat_interleave(group.order, 0)
            for _ in range(epochs):
                optimizer.zero_grad()
                nn.functional.mse_loss(images @ model.matrix()[0].T, targets).backward()
                optimizer.step()

    a, b = timed(ours, 3), timed(plain)
    return {
        f"ours, {seeds} seeds together, per epoch": f"{a / epochs * 1000:.2f} ms",
        "a loop over seeds on the augmented images, per epoch": f"{b / epochs * 1000:.2f} ms",
        "ratio": f"{b / a:.0f} times faster",
    }


def loading() -> dict[str, str]:
    """Loading MNIST's training images in a new process, after importing torch (target: 1 s)."""
    code = (
        "import time, torch; from invlib.data import load; t = time.perf_counter();"
        "load('mnist', 'train'); print(time.perf_counter() - t)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if done.returncode:
        return {"skipped": "MNIST is not there; invlib data fetch mnist"}
    return {"MNIST, 60,000 images, verified": f"{float(done.stdout):.2f} s"}


BENCHMARKS: dict[str, Callable[[], dict[str, str]]] = {
    "commands": commands,
    "loading": loading,
    "training": training,
    "classifiers": classifiers,
    "books": books,
}
LONG = {"papers": papers}  # only when named


def run(*arguments: str, environment: dict[str, str] | None = None, folder: Path = ROOT) -> None:
    """Run a verb; the folder comes first on its path, so that a copy runs its own source."""
    done = subprocess.run(
        [*INVLIB, *arguments],
        env={**os.environ, **(environment or {})},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"invlib {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")


def seconds(function: Callable[[], object], times: int = 1) -> str:
    return f"{timed(function, times):.2f} s"


def _imports_torch() -> bool:
    code = (
        "import sys; from invlib.cli.main import main; main(['list']);print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip().endswith("True")


if __name__ == "__main__":
    main()
