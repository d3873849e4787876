"""One address into one partial file, continuing where an earlier attempt stopped."""

import contextlib
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from invlib import __version__

if TYPE_CHECKING:
    import requests

CHUNK = 1 << 16
OK, PARTIAL_CONTENT, RANGE_NOT_SATISFIABLE = 200, 206, 416


class SourceError(Exception):
    """What a source answered instead of the file."""


def open_session() -> "requests.Session":
    """A session that asks for the bytes as they are stored.

    A server that compresses on the way would make ranges and sizes mean something else.
    """
    import requests

    session = requests.Session()
    session.headers.update({"User-Agent": f"invlib/{__version__}", "Accept-Encoding": "identity"})
    return session


def download(
    session: "requests.Session",
    url: str,
    part: Path,
    limit: int,
    timeout: tuple[float, float],
    progress: Callable[[int, int], None],
) -> bool:
    """Bring `url` into `part`, hardly more than `limit` bytes; say whether it continued `part`.

    `progress` is told the bytes so far and in all (0 if the server does not say). `part` keeps
    what arrived, whatever happens. Raises SourceError if the source is at fault; an OSError is
    this machine's.
    """
    received = _resumable(part)
    headers = {"Range": f"bytes={received}-"} if received else {}
    with (
        _source_at_fault(),
        session.get(url, headers=headers, stream=True, timeout=timeout) as response,
    ):
        if received and _cannot_continue(response, received):
            part.unlink()
            return download(session, url, part, limit, timeout, progress)
        if response.status_code == OK:
            received = 0  # the server ignored the range and sends everything
        elif not received or response.status_code != PARTIAL_CONTENT:
            raise SourceError(f"{response.status_code} {response.reason}".strip())
        continued = received > 0
        length = response.headers.get("Content-Length", "")
        total = received + int(length) if length.isdigit() else 0
        with _open(part, continued) as out:
            for chunk in response.raw.stream(CHUNK, decode_content=False):
                out.write(chunk)
                received += len(chunk)
                progress(received, total)
                if received > limit:
                    break
            out.flush()
            os.fsync(out.fileno())
    return continued


def _cannot_continue(response: "requests.Response", offset: int) -> bool:
    content_range = response.headers.get("Content-Range", "")
    return response.status_code == RANGE_NOT_SATISFIABLE or (
        response.status_code == PARTIAL_CONTENT and not content_range.startswith(f"bytes {offset}-")
    )


def _resumable(part: Path) -> int:
    """How many bytes of an earlier attempt there are. Anything but a plain file is removed."""
    try:
        info = part.lstat()
    except FileNotFoundError:
        return 0
    if stat.S_ISREG(info.st_mode):
        return info.st_size
    part.unlink()
    return 0


def _open(part: Path, keep: bool) -> BinaryIO:
    """Open for writing, never through a link: nothing is written outside the folder."""
    mode = os.O_APPEND if keep else os.O_TRUNC
    return os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | mode, 0o666), "wb")


@contextlib.contextmanager
def _source_at_fault() -> Iterator[None]:
    """Turn the many errors of a connection into one, told by their innermost cause."""
    import requests
    import urllib3

    try:
        yield
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        root: BaseException = error
        while inner := root.__cause__ or root.__context__:
            root = inner
        raise SourceError(getattr(root, "strerror", None) or str(root)) from error
