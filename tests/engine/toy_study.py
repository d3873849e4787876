"""A study that costs nothing but time, run as a program so that it can be killed.

python toy_study.py RUNS_DIR WORKERS [PAUSE]
"""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from invlib.config import Config, option
from invlib.engine.batch import Batch
from invlib.engine.complete import complete
from invlib.experiment import Experiment, Outcome
from invlib.records.record import name_run
from invlib.settings import Settings

CONFIGS, SEEDS = 6, 3


@dataclass(frozen=True)
class Toy(Config):
    size: int = option(1, "how much")
    pause: float = option(0.0, "seconds that a batch takes")


def run(config, seeds, report):
    for step in range(10):
        time.sleep(config.pause / 10)
        report(f"toy {config.size}", (step + 1) / 10)
    # Computed together, as a batched network is: the values depend on all seeds of the batch.
    values = np.cumsum([np.sin(seed + config.size) for seed in seeds])
    return [
        Outcome({"value": float(v)}, {"epoch": np.arange(50), "curve": np.linspace(0, v, 50)})
        for v in values
    ]


EXPERIMENT = Experiment(
    name="toy/study",
    module="toy_study",
    attribute="EXPERIMENT",
    config=Toy,
    data=lambda config: "digits",
    run=run,
    label=lambda config: f"size{config.size}",
)


def batches(settings: Settings, pause: float) -> list[Batch]:
    work = []
    for size in range(CONFIGS):
        config = Toy(size=size, pause=pause)
        runs = [name_run(EXPERIMENT, config, seed, "checksum") for seed in range(SEEDS)]
        work.append(Batch("toy_study", "EXPERIMENT", config, runs, "source", settings))
    return work


if __name__ == "__main__":
    folder, workers, pause = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    settings = Settings(runs_dir=folder, published_dir=folder / "published", workers=workers)
    complete(batches(settings, pause), settings)
