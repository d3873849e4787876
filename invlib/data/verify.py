"""Whether the files of a data set are here, and whether they are what the manifest says."""

import enum
import gzip
import hashlib
import importlib.util
import stat
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path

from invlib.data.description import BUNDLED, DataFile, Manifest
from invlib.errors import InvlibError


class State(enum.StrEnum):
    """What a file is found to be, from best to worst."""

    GOOD = "good"
    MISSING = "missing"
    WRONG = "wrong"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Finding:
    """One file of a data set as it was found."""

    file: DataFile
    path: Path
    state: State
    found: str = ""  # if wrong or unreadable: what is there instead
    content: bytes = field(default=b"", repr=False)  # decompressed, if good

    @property
    def expected(self) -> str:
        return f"sha256 {self.file.sha256} ({self.file.content_bytes} bytes of content)"


def home(manifest: Manifest, data_dir: Path) -> Path:
    """The folder of a data set's files."""
    if manifest.kind != BUNDLED:
        return data_dir / manifest.folder
    package, *below = Path(manifest.folder).parts
    spec = importlib.util.find_spec(package)  # finds it without the cost of importing it
    if spec is None or spec.origin is None:
        raise InvlibError(
            f"{manifest.title}: the package {package} that holds it is not installed."
        )
    return Path(spec.origin).parent.joinpath(*below)


def copies(file: DataFile, folder: Path) -> list[Path]:
    """Where a file may be: decompressed, as torchvision leaves it, or as published."""
    return [folder / name for name in dict.fromkeys((file.content_name, file.name))]


def examine(file: DataFile, path: Path) -> Finding:
    """Compare the content of one path with what `file` must hold."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return Finding(file, path, State.UNREADABLE, "not a regular file")
        content = _content(path, file.packed and path.name != file.content_name, file.content_bytes)
    except FileNotFoundError:
        return Finding(file, path, State.MISSING)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        return Finding(file, path, State.WRONG, f"content that does not unpack ({error})")
    except OSError as error:
        return Finding(file, path, State.UNREADABLE, error.strerror or str(error))
    if len(content) > file.content_bytes:
        return Finding(file, path, State.WRONG, f"more than {file.content_bytes} bytes of content")
    digest = hashlib.sha256(content).hexdigest()
    if digest != file.sha256:
        found = f"sha256 {digest} ({len(content)} bytes of content)"
        return Finding(file, path, State.WRONG, found)
    return Finding(file, path, State.GOOD, content=content)


def look(file: DataFile, folder: Path) -> Finding:
    """The first good copy of a file; if none is good, the first that is there at all."""
    findings = []
    for path in copies(file, folder):
        findings.append(examine(file, path))
        if findings[-1].state is State.GOOD:
            return findings[-1]
    present = [finding for finding in findings if finding.state is not State.MISSING]
    return (present or findings[-1:])[0]


def survey(manifest: Manifest, data_dir: Path) -> list[Finding]:
    """Every file of a data set as it was found, without the contents."""
    folder = home(manifest, data_dir)
    return [replace(look(file, folder), content=b"") for file in manifest.files]


def overall(findings: list[Finding]) -> State:
    """The worst state among the files of a data set."""
    return max((finding.state for finding in findings), key=list(State).index)


def content(manifest: Manifest, name: str, data_dir: Path) -> bytes:
    """The verified, decompressed content of one file of a data set."""
    finding = look(manifest.file(name), home(manifest, data_dir))
    if finding.state is not State.GOOD:
        raise refusal(manifest, finding)
    return finding.content


def problem(finding: Finding) -> str:
    """What is wrong with a file that is not good, and where."""
    if finding.state is State.MISSING:
        return f"{finding.file.name} is missing in {finding.path.parent}"
    if finding.state is State.WRONG:
        return (
            f"{finding.path} has the wrong content: expected {finding.expected}, "
            f"found {finding.found}"
        )
    return f"{finding.path} cannot be read: {finding.found}"


def refusal(manifest: Manifest, finding: Finding) -> InvlibError:
    """The error for a file that cannot be used: what is wrong with it, where, what to do."""
    what_to_do = remedy(manifest, finding.path.parent)
    return InvlibError(f"{manifest.title}: {problem(finding)}.\n{what_to_do}")


def remedy(manifest: Manifest, folder: Path) -> str:
    """What a person can do to get the files of a data set."""
    if manifest.kind == BUNDLED:
        return by_hand(manifest, folder)
    return (
        f"Run `invlib data fetch {manifest.name}` (it keeps a wrong file aside).\n"
        f"{by_hand(manifest, folder)}"
    )


def by_hand(manifest: Manifest, folder: Path) -> str:
    """What a person can do to get the files of a data set when no source gives them."""
    return f"By hand, for the folder {folder}: {manifest.by_hand}"


def _content(path: Path, packed: bool, expected: int) -> bytes:
    """The decompressed bytes of a file, at most one more than `expected`: no bomb goes off."""
    with path.open("rb") as raw:
        if not packed:
            return raw.read(expected + 1)
        with gzip.GzipFile(fileobj=raw) as unpacked:
            return unpacked.read(expected + 1)
