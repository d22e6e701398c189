"""What was said over the wire, as lines for a shell: pasted one after another, they show it again.

No token and no password stands in them. Cookies lie in a jar for each session, tokens and ids in variables that the
lines themselves fill.
"""

import re
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from shlex import quote
from urllib.parse import urlsplit

from ...base.masking import MASK
from . import pointers
from .addresses import is_loopback
from .csrf import Csrf
from .lines import PAGE, SOCKET, Line, Values
from .requests import Carried, build

# Who never asks what was said shall not keep it all.
_MOST = 500
_OUR_PREFIX = re.compile(r"^mf[0-9a-f]{8}-")
_NO_NAME = re.compile(r"\W+")
# A variable, as it passes through what escapes texts for paths and bodies.
_MARK = re.compile(r"(?:\x01|%01|\\u0001)(?:\$|%24)([\w.-]+)(?:\x02|%02|\\u0002)")
# Each user has a password of its own, and nobody sees one.
_PASSWORDS = ": ${pw:=Mf-$RANDOM-$RANDOM}"
_UNSAID = ("user-agent", "accept")


def variable(name: str) -> str:
    """Return what stands for a shell's variable until the line is written."""
    return f"\x01${name}\x02"


@dataclass(frozen=True, slots=True)
class Saved:
    """What a line keeps for later ones: the variable, and where in the answer it lies."""

    name: str
    where: str
    csrf: Csrf | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One request and the status of its answer; of the `values`, secrets and known ids are replaced by variables.

    `carried` is as it was sent: what of it is a secret is replaced when somebody asks. `session` is the variable of its
    `token`, empty where no sign-in gave it. `jar` is the session whose cookies are sent and kept; `first` lines stand
    above it. `kept`: a shared cache answered. `into` is the file that what comes of a subscription is written to;
    without a status that file is looked at.
    """

    line: Line
    values: Values
    carried: Carried = field(repr=False)
    beside: Mapping[str, str]
    session: str = ""
    token: str = field(default="", repr=False)
    jar: str = ""
    status: int | None = None
    saved: Saved | None = None
    first: tuple[str, ...] = field(default=())
    kept: bool = False
    into: str = ""


class Book:
    """Keeps what was said until somebody asks, for each thread; names users' sessions and records' ids."""

    def __init__(self, base: str) -> None:
        """Take the address that the lines name."""
        self._base = base
        self._here = threading.local()
        self._naming = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Begin anew, as the world does."""
        self._labels: dict[str, str] = {}
        self._sessions: dict[str, int] = {}
        self._ids: dict[str, str] = {}
        self._tokens = 0

    def session(self, user: object) -> str:
        """Return a name for one more session of a user: `ann_0`, then `ann_0_2`."""
        with self._naming:
            label = self._label(user)
            number = self._sessions[label] = self._sessions.get(label, 0) + 1
            return label if number == 1 else f"{label}_{number}"

    def password(self, user: object) -> str:
        """Return what stands for a user's password."""
        with self._naming:
            return variable(f"pw-{self._label(user)}")

    def new_id(self, text: str) -> str:
        """Return the name of the variable that holds a record's id."""
        with self._naming:
            return self._ids.setdefault(text, f"id_{len(self._ids) + 1}")

    def new_token(self) -> str:
        """Return the name of a variable for a token of a form."""
        with self._naming:
            self._tokens += 1
            return f"form_{self._tokens}"

    def named(self, values: Values) -> Values:
        """Return what fills a line, with the ids that a variable holds in its place."""
        known = self._ids.get(str(values.get("id"))) if "id" in values else None
        return values if known is None else {**values, "id": variable(known)}

    def note(self, said: Said) -> None:
        """Keep it until somebody asks in this thread."""
        self._kept.append(said)

    def say(self, line: str) -> None:
        """Keep a line that is no request, as it is."""
        self._kept.append(line)

    def say_basic(self, label: str, user: object) -> None:
        """Keep the lines that put a user's name and password into a variable, as HTTP Basic sends them."""
        both = _shell(f"{user}:{self.password(user)}")
        self._kept.extend((_PASSWORDS, f"{label}=$(printf %s {both} | base64 | tr -d '\\n')"))

    def told(self) -> list[str]:
        """Return the lines of what this thread has said since it was last asked."""
        kept = list(self._kept)
        self._kept.clear()
        return [line for said in kept for line in ([said] if isinstance(said, str) else _lines(said, self._base))]

    @property
    def _kept(self) -> deque[Said | str]:
        if not hasattr(self._here, "said"):
            self._here.said = deque(maxlen=_MOST)
        kept: deque[Said | str] = self._here.said
        return kept

    def _label(self, user: object) -> str:
        text = repr(user)
        if text not in self._labels:
            name = _NO_NAME.sub("_", _OUR_PREFIX.sub("", user if isinstance(user, str) else text)).strip("_") or "user"
            name = f"u_{name}" if name[0].isdigit() else name
            taken, number = set(self._labels.values()), 2
            label = name
            while label in taken:
                label, number = f"{name}_{chr(96 + number % 26)}{number // 26 or ''}", number + 1
            self._labels[text] = label
        return self._labels[text]


def _without_secrets(carried: Carried, session: str, token: str) -> Carried:
    """Return what is carried as it may be shown: a session's own by its name, any other value masked."""
    if session:
        headers = {
            name: value.replace(token, variable(session)) if token else value for name, value in carried.headers.items()
        }
        query = {
            name: value.replace(token, variable(session)) if token else value for name, value in carried.query.items()
        }
        return replace(carried, cookies={}, headers=headers, query=query)
    masks = [
        {name: MASK if value else "" for name, value in one.items()}
        for one in (carried.cookies, carried.headers, carried.query)
    ]
    return replace(carried, cookies=masks[0], headers=masks[1], query=masks[2])


def first_lines(values: Values) -> tuple[str, ...]:
    """Return what stands above a line that sends a password."""
    return (_PASSWORDS,) if "password" in values else ()


def from_jar(name: str, cookie: str, jar: str) -> tuple[str, ...]:
    """Return the line that takes a cookie's value out of a jar."""
    return (f"{name}=$(awk '$6==\"{cookie}\" {{print $7}}' {jar}.jar)",)


def _lines(said: Said, base: str) -> Iterator[str]:
    if said.into and said.status is None:
        yield f"sleep 1; cat {said.into}"
        return
    yield from said.first
    asked = build(said.line, said.values, _without_secrets(said.carried, said.session, said.token), said.beside)
    words = [
        "curl",
        "-s",
        # On this machine alone; its certificate is its own.
        *(["-k"] if base.startswith("https:") and is_loopback(urlsplit(base).hostname or "") else []),
        *(["-I"] if asked.method == "HEAD" else [] if asked.method == "GET" else ["-X", asked.method]),
    ]
    if said.jar:
        words += ["-b", f"{said.jar}.jar", "-c", f"{said.jar}.jar"]
    if said.carried.spelling == "dot segment":
        words.append("--path-as-is")
    for name, value in asked.headers:
        if name.lower() not in _UNSAID or (name == "Accept" and said.line.where == PAGE):
            words += ["-H", _shell(f"{name}: {value}")]
    if asked.body:
        words += ["-d", _shell(asked.body.decode(errors="replace"))]
    command = " ".join([*words, _shell(f"{base}{asked.target}")])
    answered = "no answer" if said.status is None else f"{said.status}{', from the shared cache' if said.kept else ''}"
    if said.line.method == SOCKET:
        # No shell opens one by itself.
        yield f"# a WebSocket {said.line.path} with what {said.jar or 'nobody'} carries, into {said.into}  # {answered}"
        return
    if said.into:
        command = f"{command.replace('curl -s', 'curl -sN', 1)} > {said.into} &"
    yield f"{_keeping(command, said.saved)}  # {answered}"
    if said.saved is not None and said.saved.csrf is not None and said.saved.csrf.kind == "cookie":
        yield from from_jar(said.saved.name, said.saved.csrf.name, said.jar)


def _keeping(command: str, saved: Saved | None) -> str:
    if saved is None or (saved.csrf is not None and saved.csrf.kind == "cookie"):
        return command
    if saved.csrf is not None and saved.csrf.kind != "pointer":
        value = "value" if saved.csrf.kind == "input" else "content"
        pattern = f'name=.{re.escape(saved.csrf.name)}.[^>]*{value}=.([^\\"]*)'
        program = f'import re,sys; print(re.search("{pattern}", sys.stdin.read())[1])'
        return f"{saved.name}=$({command} | python3 -c '{program}')"
    if not saved.where.startswith("/"):
        header = saved.where.lower()
        return (
            f"{saved.name}=$({command} -D - -o /dev/null | tr -d '\\r' | "
            f"""awk 'tolower($1)=="{header}:" {{n=split($2,a,"/"); print a[n]}}')"""
        )
    way = "".join(f"[{step}]" if step.isdecimal() else f'["{step}"]' for step in pointers.steps(saved.where))
    return (
        f"{saved.name}=$({command} | tee /dev/stderr | python3 -c 'import json,sys; print(json.load(sys.stdin){way})')"
    )


def _shell(text: str) -> str:
    """Return a text as a word of a shell's, variables in double quotes."""
    parts = _MARK.split(text)
    written = [f'"${part}"' if at % 2 else _quoted(part) for at, part in enumerate(parts) if part]
    return "".join(written) or "''"


def _quoted(text: str) -> str:
    """Return a text in quotes, on one line: a report's line ends with it."""
    if "\n" not in text:
        return quote(text)
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\r", "\\r").replace("\n", "\\n")
    return f"$'{escaped}'"
