"""Bringing the files of a data set from the network into the data folder, verified."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from invlib import files
from invlib.data import manifest, verify
from invlib.data.description import BUNDLED, DataFile, Manifest
from invlib.data.download import CHUNK, SourceError, download, open_session
from invlib.data.verify import Finding, State
from invlib.errors import InvlibError
from invlib.settings import Settings

if TYPE_CHECKING:
    import requests

TIMEOUT = (10.0, 30.0)  # seconds to connect, seconds without a byte


@dataclass(frozen=True)
class Progress:
    """A step of a fetch: bytes of a file if `text` is empty, else a line worth keeping in a log."""

    file: str
    done: int = 0
    total: int = 0  # 0: unknown
    text: str = ""


Report = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """The report of a caller who wants none."""


def fetch(
    name: str,
    settings: Settings,
    report: Report = silent,
    timeout: tuple[float, float] = TIMEOUT,
) -> Path:
    """Bring what is missing or wrong of a data set from its sources; return its folder.

    A file gets its name only once its content is verified, and good files are left alone.
    """
    description = manifest.read(name, settings)
    folder = verify.home(description, settings.data_dir)
    bad = [f for f in verify.survey(description, settings.data_dir) if f.state is not State.GOOD]
    if not bad:
        report(Progress(name, text=f"{description.title}: every file is good in {folder}"))
        return folder
    if description.kind == BUNDLED:
        raise verify.refusal(description, bad[0])
    if settings.offline:
        raise InvlibError(
            f"{description.title}: the offline switch is on (INVLIB_OFFLINE), nothing is fetched.\n"
            f"{verify.problem(bad[0])}.\n{verify.by_hand(description, folder)}"
        )
    with (
        _folder_at_fault(description, folder),
        files.lock(
            folder / ".fetch.lock",
            lambda holder: report(Progress(name, text=f"waiting for {holder} to fetch {name}")),
        ),
        open_session() as session,
    ):
        for file in description.files:
            _Fetch(description, file, folder, session, report, timeout).run()
    return folder


@dataclass(frozen=True)
class _Fetch:
    """One file on its way from the sources to the folder."""

    manifest: Manifest
    file: DataFile
    folder: Path
    session: "requests.Session"
    report: Report
    timeout: tuple[float, float]

    @property
    def part(self) -> Path:
        return self.folder / f"{self.file.name}.part"

    def run(self) -> None:
        # Looked at again, under the lock: another process may have just fetched it.
        finding = verify.look(self.file, self.folder)
        if finding.state is State.GOOD:
            return
        if finding.state is State.UNREADABLE:
            raise verify.refusal(self.manifest, finding)
        story = [self._clear(path) for path in verify.copies(self.file, self.folder)]
        if self._publish().state is State.GOOD:  # killed between the last byte and the rename
            return
        for source in self.manifest.sources:
            url = source + self.file.name
            self._say(f"from {url}")
            try:
                answer = self._try(url)
            except SourceError as error:
                answer = str(error)
            if not answer:
                return
            self._say(answer)
            story.append(f"{url}: {answer}")
        raise InvlibError(
            f"{self.manifest.title}: no source gave {self.file.name} with the right content "
            f"(sha256 {self.file.sha256}).\n"
            + "".join(f"  {line}\n" for line in story if line)
            + verify.by_hand(self.manifest, self.folder)
        )

    def _try(self, url: str) -> str:
        """Why this source did not give the file; empty if it did."""
        # Gzip adds five bytes to each 16 KB that it cannot shrink, and a header.
        limit = self.file.content_bytes + self.file.content_bytes // 1000 + CHUNK
        while True:
            continued = download(self.session, url, self.part, limit, self.timeout, self._count)
            finding = self._publish()
            if finding.state is State.GOOD:
                return ""
            if not continued:
                kept = _set_aside(self.part, self.file.name)
                return f"gave the wrong content: {finding.found}; kept as {kept}"
            # The earlier bytes may be another mirror's, compressed differently.
            self._say("this source does not go with the partial file: again, from the first byte")
            self.part.unlink()

    def _publish(self) -> Finding:
        """Verify the partial file, and only if it is good give it its name."""
        finding = verify.examine(self.file, self.part)
        if finding.state is State.GOOD:
            self.part.replace(self.folder / self.file.name)
            self._say(f"good, {self.file.content_bytes} bytes of content")
        return finding

    def _clear(self, path: Path) -> str:
        """Move a wrong copy out of the way; say what it was and where it is now."""
        finding = verify.examine(self.file, path)
        if finding.state is not State.WRONG:
            return ""
        line = (
            f"{path} had the wrong content: expected {finding.expected}, found {finding.found}; "
            f"kept as {_set_aside(path, path.name)}"
        )
        self._say(line)
        return line

    def _say(self, text: str) -> None:
        self.report(Progress(self.file.name, text=f"{self.file.name}: {text}"))

    def _count(self, done: int, total: int) -> None:
        self.report(Progress(self.file.name, done, total))


def _set_aside(path: Path, name: str) -> Path:
    kept = path.with_name(f"{name}.bad-{files.sha256(path)[:8]}")
    path.replace(kept)
    return kept


@contextlib.contextmanager
def _folder_at_fault(description: Manifest, folder: Path) -> Iterator[None]:
    """A full disk, a file where the folder should be, no permission: one error that names it."""
    try:
        yield
    except OSError as error:
        what = " ".join(filter(None, [error.strerror or str(error), error.filename]))
        raise InvlibError(
            f"{description.title}: cannot write in {folder}: {what}.\nMake room there, or set "
            f"INVLIB_DATA to another folder; then fetch again: what has arrived is continued."
        ) from error
