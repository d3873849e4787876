"""The verb `invlib data`: list, fetch and verify data sets."""

import argparse
import sys
from types import TracebackType
from typing import TYPE_CHECKING

from invlib import data
from invlib.data import Progress, State, verify
from invlib.data.description import BUNDLED, Manifest
from invlib.settings import Settings

if TYPE_CHECKING:
    from tqdm import tqdm

HELP = "list, fetch or verify the data sets"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        choices=("list", "fetch", "verify"),
        help="list: what there is; fetch: bring and verify what is missing; "
        "verify: compare every file with its manifest",
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="a data set; none: all of them (fetch: all that are not bundled with a package)",
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    chosen = [data.read(name, settings) for name in args.names or data.names(settings)]
    if args.action == "fetch":
        with Reporter() as report:
            for manifest in chosen:
                if args.names or manifest.kind != BUNDLED:
                    data.fetch(manifest.name, settings, report)
        return 0
    findings = {manifest.name: data.survey(manifest, settings.data_dir) for manifest in chosen}
    rows = [_row(manifest, data.overall(findings[manifest.name]), settings) for manifest in chosen]
    print(_table([("name", "title", "state", "size", "folder"), *rows]))
    if args.action == "list":
        return 0
    bad = [f for name in findings for f in findings[name] if f.state is not State.GOOD]
    for finding in bad:
        print(verify.problem(finding))
    return 1 if bad else 0


class Reporter:
    """Shows a fetch: a bar for each file on a terminal, plain lines in a log."""

    def __init__(self) -> None:
        self._bar: tqdm | None = None

    def __enter__(self) -> "Reporter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def __call__(self, progress: Progress) -> None:
        if progress.text:
            self._close()
            print(progress.text, file=sys.stderr, flush=True)
        elif sys.stderr.isatty():
            self._move(progress)

    def _move(self, progress: Progress) -> None:
        from tqdm import tqdm

        if self._bar is None:
            self._bar = tqdm(
                desc=progress.file,
                initial=progress.done,  # of an earlier attempt, too
                total=progress.total or None,
                unit="B",
                unit_scale=True,
                leave=False,
                file=sys.stderr,
            )
        self._bar.update(progress.done - self._bar.n)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _row(manifest: Manifest, state: State, settings: Settings) -> tuple[str, ...]:
    folder = verify.home(manifest, settings.data_dir)
    return manifest.name, manifest.title, state, f"{manifest.bytes / 1e6:.1f} MB", str(folder)


def _table(rows: list[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
