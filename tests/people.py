"""People before a browser each, at the reference application on loopback."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from browsing import Reader, chromium

from memfence.breakages import Breakage
from memfence.campaigns import resolve
from memfence.commands.serving import demonstration
from memfence.targets.application.whole import Application
from memfence.targets.reference_client import ReferenceClient
from memfence.targets.standin.serving import Server

PASSWORDS = {"alice": "vegetarian", "bob": "window-seat"}
PHONE, DESK = 390, 1280


class Person:
    """One who looks at pages, and clicks and types there; `at` is the address of the application."""

    def __init__(self, reader: Reader, at: str) -> None:
        self.reader = reader
        self.browser = reader.browser
        self.at = at

    def sees_it_as(self, *, width: int = DESK, colours: str = "light") -> None:
        wishes = {"prefers-color-scheme": colours, "prefers-reduced-motion": "reduce"}
        features = [{"name": name, "value": value} for name, value in wishes.items()]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)

    def opens(self, path: str) -> None:
        self.browser.get(f"{self.at}{path}")

    def signs_in(self, name: str) -> None:
        self.opens("/sign-in")
        self.types("#user", name)
        self.types("#password", PASSWORDS[name])
        self.presses("Sign in")

    def says(self, text: str) -> None:
        self.opens("/")
        self.types("#text", text)
        self.presses("Remember")

    def asks(self, question: str) -> str:
        self.opens("/")
        self.types("#question", question)
        self.presses("Ask")
        return self.text(".answer .said")

    def types(self, field: str, text: str) -> None:
        self.one(field).send_keys(text)

    def presses(self, button: str) -> None:
        """Press the button of this name, and wait for the page behind it."""
        found = next(one for one in self.all("button") if one.accessible_name == button)
        self.reader.run("window.before = true")
        found.click()
        self.reader.wait("return !window.before && document.readyState === 'complete'")

    def one(self, selector: str) -> Any:
        return self.browser.find_element("css selector", selector)

    def all(self, selector: str) -> list[Any]:
        return list(self.browser.find_elements("css selector", selector))

    def text(self, selector: str = "body") -> str:
        shown: str = self.one(selector).text
        return shown

    @property
    def path(self) -> str:
        url: str = self.browser.current_url
        return url.removeprefix(self.at)


@contextmanager
def served(app: Application) -> Iterator[str]:
    """Serve an application on a free port, and yield its address."""
    server = Server(app)
    try:
        yield server.host
    finally:
        server.close()


def demonstrated(breakage: str | None = None) -> Application:
    """Return the application as `memfence serve` makes it."""
    broken: Breakage | None = None if breakage is None else resolve.all_breakages()[breakage]
    return demonstration(ReferenceClient(), broken)


@contextmanager
def two_browsers(folder: Path) -> Iterator[tuple[Reader, Reader]]:
    """Open two browsers, each with a profile of its own."""
    with ExitStack() as ending:
        both = [ending.enter_context(chromium(folder / name)) for name in ("first", "second")]
        yield both[0], both[1]
