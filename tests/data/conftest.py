"""A tiny data set with its manifest, and a local server that misbehaves on demand."""

import gzip
import hashlib
import http.server
import io
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from invlib.settings import Settings

CLASSES = 3


def idx_bytes(array: np.ndarray) -> bytes:
    """The IDX file of an array of unsigned bytes."""
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return header + array.astype(np.uint8).tobytes()


@dataclass
class Tiny:
    """Twelve training and six test images of 4 x 4, in MNIST's layout, with a manifest."""

    settings: Settings
    contents: dict[str, bytes]
    raw: dict[str, Any]
    name: str = "tiny"

    @property
    def folder(self) -> Path:
        return self.settings.data_dir / "Tiny" / "raw"

    @property
    def final(self) -> list[Path]:
        return [self.folder / name for name in self.contents]

    def save(self) -> None:
        self.settings.manifests_dir.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(self.raw, sort_keys=False)
        (self.settings.manifests_dir / f"{self.name}.yaml").write_text(text)

    def use(self, *sources: str) -> None:
        self.raw["sources"] = list(sources)
        self.save()

    def fill(self, unpacked: bool = False) -> None:
        """Put good files into the data folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, content in self.contents.items():
            if unpacked:
                (self.folder / name.removesuffix(".gz")).write_bytes(content)
            else:
                (self.folder / name).write_bytes(gzip.compress(content))


@pytest.fixture(scope="session")
def to_idx() -> Callable[[np.ndarray], bytes]:
    return idx_bytes


@pytest.fixture
def make_tiny(tmp_path: Path) -> Callable[..., Tiny]:
    def make(side: int = 4) -> Tiny:
        random = np.random.default_rng(0)
        contents, splits = {}, {}
        for split, count in (("train", 12), ("test", 6)):
            images, labels = f"{split}-images-idx3-ubyte.gz", f"{split}-labels-idx1-ubyte.gz"
            contents[images] = idx_bytes(random.integers(0, 256, (count, side, side)))
            contents[labels] = idx_bytes(np.arange(count) % CLASSES)
            splits[split] = {
                "images": images,
                "labels": labels,
                "shape": [side, side],
                "count": count,
                "per_class": [count // CLASSES] * CLASSES,
            }
        raw = {
            "title": "Tiny digits",
            "version": "1",
            "licence": "none",
            "homepage": "http://127.0.0.1/",
            "citation": {
                "authors": ["A. Nonymous"],
                "year": 2020,
                "title": "Tiny",
                "venue": "nowhere",
                "url": "http://127.0.0.1/",
            },
            "kind": "idx",
            "folder": "Tiny/raw",
            "sources": ["http://127.0.0.1:9/"],
            "files": {
                name: {
                    "bytes": len(gzip.compress(content)),
                    "content_bytes": len(content),
                    "sha256": hashlib.sha256(content).hexdigest(),
                }
                for name, content in contents.items()
            },
            "pixel_max": 255,
            "classes": ["a", "b", "c"],
            "splits": splits,
            "errata": [],
            "by_hand": "copy the files from the stick in the drawer.",
        }
        settings = Settings(root=tmp_path / "checkout", data_dir=tmp_path / "data")
        tiny = Tiny(settings, contents, raw)
        tiny.save()
        return tiny

    return make


@pytest.fixture
def tiny(make_tiny: Callable[..., Tiny]) -> Tiny:
    return make_tiny()


@dataclass
class Server:
    """Serves `files` by name; the first folder of the address says how, see the handler below."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)  # (path, Range header)
    gate: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def source(self, how: str) -> str:
        return f"http://127.0.0.1:{self.port}/{how}/"

    def serve(self, tiny: Tiny) -> None:
        self.files = {name: gzip.compress(data, mtime=1) for name, data in tiny.contents.items()}


BODIES: dict[str, Callable[[bytes], bytes]] = {
    "recompressed": lambda body: gzip.compress(gzip.decompress(body), 1),
    "other": lambda body: gzip.compress(b"something else entirely"),
    "web_page": lambda body: b"<html>Please log in to this network</html>",
    "bomb": lambda body: gzip.compress(bytes(64_000_000), 1),
}


class Handler(http.server.BaseHTTPRequestHandler):
    def __init__(self, shared: Server, *args: Any) -> None:
        self.shared = shared
        super().__init__(*args)

    def log_message(self, *_: object) -> None:
        """Keep the test output quiet."""

    def do_GET(self) -> None:
        try:
            self._answer()
        except ConnectionError:
            self.close_connection = True  # the client left, which some tests are about

    def _answer(self) -> None:
        _, how, name = self.path.split("/")
        wanted = self.headers.get("Range", "")
        self.shared.asked.append((f"{how}/{name}", wanted))
        body = BODIES.get(how, bytes)(self.shared.files[name])
        start = int(wanted.removeprefix("bytes=").removesuffix("-") or 0)
        if how in ("missing", "refuses_range") and (wanted or how == "missing"):
            self.send_error({"missing": 404, "refuses_range": 416}[how])
        elif how == "redirects":
            self.send_response(302)
            self.send_header("Location", f"/good/{name}")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif how == "endless":
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(bytes(1 << 16))
        else:
            if how == "gated":
                self.shared.gate.wait(10)
            self._send(body, start, **self._quirks(how, len(body), start))

    def _quirks(self, how: str, size: int, start: int) -> dict[str, Any]:
        return {
            "truncates": {"stop": size // 2},
            "stalls": {"stop": size // 2, "pause": self.shared.gate.wait},
            "slow": {"step": 2000, "pause": lambda: time.sleep(0.01)},
            "ignores_range": {"ranged": False},
            "other_range": {"claim": start + 1},
            "labels_encoding": {"encoding": "gzip"},
        }.get(how, {})

    def _send(
        self,
        body: bytes,
        start: int,
        *,
        stop: int | None = None,
        claim: int | None = None,
        ranged: bool = True,
        step: int = 1 << 20,
        pause: Callable[[], object] = lambda: None,
        encoding: str = "",
    ) -> None:
        start = start if ranged else 0
        if start:
            self.send_response(206)
            first = start if claim is None else claim
            self.send_header("Content-Range", f"bytes {first}-{len(body) - 1}/{len(body)}")
        else:
            self.send_response(200)
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        out = io.BytesIO(body[start:stop])
        while chunk := out.read(step):
            self.wfile.write(chunk)
            self.wfile.flush()
            pause()
        self.close_connection = True


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    shared = Server()
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *args: Handler(shared, *args)
    ) as httpd:
        shared.port = httpd.server_address[1]
        thread = threading.Thread(target=httpd.serve_forever, args=(0.02,))
        thread.start()
        yield shared
        shared.gate.set()
        httpd.shutdown()
        thread.join()
