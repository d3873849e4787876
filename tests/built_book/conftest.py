"""The built book, its pages, and a browser to open them in."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from invlib.settings import CHECKOUT, from_environment

HERE = Path(__file__).parent
PROBE = (HERE / "probe.js").read_text(encoding="utf-8")
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"  # its version is pinned in package.json
# A page hears of another medium or width when it is next drawn, just before the frame's callbacks.
TWO_FRAMES = """
const [done] = arguments;
requestAnimationFrame(() => requestAnimationFrame(() => done()));
"""
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--hide-scrollbars",  # as on a phone
    # A page that asks for anything outside the book fails here, whatever network there is.
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


@dataclass(frozen=True)
class Page:
    """One page of one of the two books."""

    path: Path
    name: str  # its address below the folder of its book, without .html
    book: str  # paper or quick
    html: BeautifulSoup = field(repr=False)

    @property
    def title(self) -> str:
        return f"{'quick/' if self.book == 'quick' else ''}{self.name}"

    @property
    def folder(self) -> Path:
        """Where its book begins."""
        return self.path.parents[self.name.count("/")]


@dataclass(frozen=True)
class Window:
    """A headless Chromium that reaches no network and logs every request and console message."""

    browser: object

    def screen(self, *, width: int = 1300, theme: str = "light", media: str = "screen") -> None:
        """Set what the page is shown on: its width, light or dark, screen or print."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        feature = {"name": "prefers-color-scheme", "value": theme}
        self.browser.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"media": media, "features": [feature]}
        )
        self.browser.execute_async_script(TWO_FRAMES)

    def open(self, address: str, **shown_on: object) -> None:
        """Open an address afresh, with the probe in it, and wait until the page stands still."""
        self.screen(**shown_on)
        self.browser.get(address)
        self.browser.execute_script(PROBE)
        self.browser.execute_async_script("probe.settled().then(arguments[0])")


@pytest.fixture(scope="session")
def book() -> Path:
    """The folder of the built book, by the command of `make book`; seconds if it is current.

    Side by side, the second process waits for the first one's build and finds it current.
    """
    command = [sys.executable, "-m", "invlib", "book"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"invlib book failed:\n{done.stdout}\n{done.stderr}"
    folder = from_environment().build_dir / "html"
    assert done.stdout.strip().endswith(str(folder / "index.html"))
    return folder


@pytest.fixture(scope="session")
def pages(book: Path) -> list[Page]:
    """Every page of both books but the two index.html, which only lead to the front page."""
    files = sorted(path for path in book.rglob("*.html") if "_static" not in path.parts)
    read = [_page(path, book) for path in files if path not in _redirects(book)]
    assert {page.book for page in read} == {"paper", "quick"}
    return read


@pytest.fixture(scope="session")
def new_window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Window]]:
    """Starts another headless Chromium; each is closed at the end."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("needs chromium and chromedriver: apt-get install chromium chromium-driver")
    from selenium import webdriver

    opened = []

    def start() -> Window:
        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('browser')}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        chrome = webdriver.Chrome(options, webdriver.ChromeService(driver))
        chrome.set_script_timeout(60)
        chrome.get("about:blank")
        for log in ("performance", "browser"):
            chrome.get_log(log)  # the browser's own first page is not ours
        opened.append(Window(chrome))
        return opened[-1]

    yield start
    for window in opened:
        window.browser.quit()
        window.browser.command_executor.close()  # quit leaves its connection open


@pytest.fixture(scope="session")
def window(new_window: Callable[[], Window]) -> Window:
    return new_window()


@pytest.fixture(scope="session")
def browser(window: Window) -> object:
    return window.browser


@pytest.fixture(scope="session")
def screen(window: Window) -> Callable[..., None]:
    return window.screen


@pytest.fixture(scope="session")
def open_page(window: Window) -> Callable[..., None]:
    return window.open


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, the accessibility checker."""
    if not AXE.is_file():
        where = HERE.relative_to(CHECKOUT)
        pytest.skip(f"needs axe-core: npm ci --prefix {where}")
    return AXE.read_text(encoding="utf-8")


def _redirects(book: Path) -> set[Path]:
    return {book / "index.html", book / "quick" / "index.html"}


def _page(path: Path, book: Path) -> Page:
    quick = (book / "quick") in path.parents
    name = path.relative_to(book / "quick" if quick else book).with_suffix("").as_posix()
    html = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    return Page(path, name, "quick" if quick else "paper", html)
