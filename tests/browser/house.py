"""The product as `bin/demo` runs it, in a process of its own, on a fresh folder, with the demo data loaded."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from tempfile import mkdtemp
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from tests.servers import CannotStart, free_port

TOP = Path(__file__).resolve().parents[2]
PASSWORD = "redress-demo"
PATIENCE = 300  # seconds until the demo must be ready, on a machine that does other things too
DIRECT = build_opener(ProxyHandler({}))


@dataclass
class House:
    """A running house: its address, its data folder, and what it mailed."""

    url: str
    data: Path

    def mails(self, to: str, saying: str = "") -> list[str]:
        """Return the text of every mail to an address that has `saying` in its subject or text."""
        found = []
        for message in self._messages():
            text = message.get_body(("plain",)).get_content()
            if to in str(message["To"]) and saying in f"{message['Subject']}\n{text}":
                found.append(text)
        return found

    def link_mailed(self, to: str, path: str, saying: str = "", patience: float = 60) -> str:
        """Wait for a mail to `to` with an address under `path` in it; return the newest such address."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            links = [link for text in self.mails(to, saying) for link in re.findall(rf"{self.url}{path}\S+", text)]
            if links:
                return links[-1]
            time.sleep(0.3)
        raise AssertionError(f"no mail to {to} with a link to {path} within {patience} s")

    def _messages(self) -> Iterator:
        for file in sorted((self.data / "mail").glob("*.log"), key=lambda file: file.stat().st_mtime):
            for part in re.split(rb"\n-{79}\n", file.read_bytes()):
                if part.strip():
                    yield message_from_bytes(part.lstrip(b"\n"), policy=policy.default)


@contextmanager
def open_house(data: Path | None = None, texts: Path | None = None) -> Iterator[House]:
    """Run the demo until the block ends; raise CannotStart with its last words if it does not come up."""
    data = data or Path(mkdtemp(prefix="redress-house-"))
    data.mkdir(parents=True, exist_ok=True)
    nothing = data / "no-texts"
    nothing.mkdir(exist_ok=True)
    port = free_port()
    command = [sys.executable, "bin/_demo", "--port", str(port), "--texts", str(texts or nothing)]
    with (data / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=TOP, env=_environment(data), stdout=log, stderr=log)
        try:
            _wait(server, f"http://127.0.0.1:{port}/readyz", data / "log")
            yield House(f"http://127.0.0.1:{port}", data)
        finally:
            server.terminate()
            server.wait(20)


def _environment(data: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("REDRESS_")}
    return {**ours, "REDRESS_MODE": "demo", "REDRESS_EMBEDDED": "1", "REDRESS_DATA": str(data)}


def _wait(server: subprocess.Popen, address: str, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            if DIRECT.open(address, timeout=5).status == 200:
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise CannotStart(f"the demo does not come up: {log.read_text(errors='replace')[-2000:]}")
