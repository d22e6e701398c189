"""What was said over the wire, as lines for a shell: pasted one after another, they show it again.

No token and no password stands in them. Cookies lie in a jar for each session, tokens and ids in variables that the
lines themselves fill.
"""

import re
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from ...base.masking import MASK
from . import pointers
from .addresses import is_loopback
from .csrf import Csrf
from .lines import PAGE, SOCKET, Line, Values
from .listings import Picked, picked
from .requests import SINCE, TAG, Carried, build
from .shell import variable, word

# Who never asks what was said shall not keep it all.
_MOST = 500
# So many listings may still have to tell an id.
_LISTINGS = 20
_OUR_PREFIX = re.compile(r"^mf[0-9a-f]{8}-")
_NO_NAME = re.compile(r"\W+")
# Each user has a password of its own, and nobody sees one.
_PASSWORDS = ": ${pw:=Mf-$RANDOM-$RANDOM}"
_UNSAID = ("user-agent", "accept")
_SCHEME = re.compile(r"^[A-Za-z]+ ")


@dataclass(frozen=True, slots=True)
class Saved:
    """What a line keeps for later ones: the variable, and where in the answer it lies.

    Of a header a token is `whole`; of an address, which leads to a record, the last part is kept. Of a listing one
    record's id is `picked`.
    """

    name: str
    where: str
    csrf: Csrf | None = None
    whole: bool = False
    picked: Picked | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """What the lines call a session, which is the variable of its `token`; empty where no sign-in gave it.

    `jar` is the session whose cookies are sent and kept, `user` its user's own name.
    """

    session: str = ""
    token: str = field(default="", repr=False)
    user: str = ""
    jar: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One request and the status of its answer; of the `values`, secrets and known ids are replaced by variables.

    `carried` is as it was sent: what of it is a secret is replaced when somebody asks. `first` lines stand above it.
    `kept`: a shared cache answered. `into` is the file that what comes of a subscription is written to; without a
    status that file is looked at.
    """

    line: Line
    values: Values
    carried: Carried = field(repr=False)
    beside: Mapping[str, str]
    named: Named = field(default_factory=Named)
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
        self._listed: deque[tuple[Said, bytes]] = deque(maxlen=_LISTINGS)
        self._tokens = 0

    def session(self, user: object) -> str:
        """Return a name for one more session of a user: `ann_0`, then `ann_0_2`."""
        with self._naming:
            label = self._label(user)
            number = self._sessions[label] = self._sessions.get(label, 0) + 1
            return label if number == 1 else f"{label}_{number}"

    def password(self, user: object, *, wrong: bool = False) -> str:
        """Return what stands for a user's password, or for one that is `wrong`."""
        with self._naming:
            return variable(f"pw-{self._label(user)}{'-wrong' if wrong else ''}")

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
        ident = str(values.get("id", ""))
        known = self._ids.get(ident) or (self._picked(ident) if ident else None)
        return values if known is None else {**values, "id": variable(known)}

    def note(self, said: Said, listing: bytes = b"") -> None:
        """Keep it until somebody asks in this thread; a `listing` that it was answered may tell ids."""
        self._kept.append(said)
        if listing:
            self._listed.append((said, listing))

    def say(self, line: str) -> None:
        """Keep a line that is no request, as it is."""
        self._kept.append(line)

    def say_basic(self, label: str, user: object) -> None:
        """Keep the lines that put a user's name and password into a variable, as HTTP Basic sends them."""
        both = word(f"{user}:{self.password(user)}")
        self._kept.extend((_PASSWORDS, f"{label}=$(printf %s {both} | base64 | tr -d '\\n')"))

    def told(self) -> list[str]:
        """Return the lines of what this thread has said since it was last asked."""
        kept = list(self._kept)
        self._kept.clear()
        return [line for said in kept for line in ([said] if isinstance(said, str) else _lines(said, self._base))]

    def _picked(self, ident: str) -> str | None:
        """Return a variable for an id that a listing told: that line keeps it, or the same request once more."""
        for said, body in reversed(list(self._listed)):
            if ident.encode(errors="replace") not in body:
                continue
            named = dict(said.line.fields).get("id", "")
            found = picked(body, ident, where=said.line.where, named=named)
            if found is None:
                continue
            name, kept = self.new_id(ident), self._kept
            keeping = replace(said, saved=Saved(name, "", picked=found), first=())
            at = next((at for at, one in enumerate(kept) if one is said), None)
            if at is None:
                kept.append(keeping)
            else:
                kept[at] = keeping
            return name
        return None

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


def _without_secrets(carried: Carried, named: Named) -> Carried:
    """Return what is carried as it may be shown.

    A session's token is its variable, its cookies lie in the jar, and its user's own name and the tag of an answer are
    no secrets; any other value is masked.
    """

    def shown(values: Mapping[str, str]) -> dict[str, str]:
        return {name: _unless_secret(name, value, named) for name, value in values.items()}

    # A token that is sent as a cookie lies in no jar: an answer has not set it as one.
    cookies = {
        name: value
        for name, value in carried.cookies.items()
        if not named.jar or (named.token and named.token in value)
    }
    return replace(carried, cookies=shown(cookies), headers=shown(carried.headers), query=shown(carried.query))


def _unless_secret(name: str, value: str, named: Named) -> str:
    if named.session and named.token and named.token in value:
        return value.replace(named.token, variable(named.session))
    # As it is, or behind the name of a scheme.
    is_own = bool(named.user) and (value == named.user or _SCHEME.sub("", value) == named.user)
    return value if not value or is_own or (named.session and name in (TAG, SINCE)) else MASK


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
    command = _command(said, base)
    answered = "no answer" if said.status is None else f"{said.status}{', from the shared cache' if said.kept else ''}"
    if said.line.method == SOCKET:
        # No shell opens one by itself.
        who = said.named.jar or "nobody"
        yield f"# a WebSocket {said.line.path} with what {who} carries, into {said.into}  # {answered}"
        return
    if said.into:
        command = f"{command.replace('curl -s', 'curl -sN', 1)} > {said.into} &"
    yield f"{_keeping(command, said.saved)}  # {answered}"
    if said.saved is not None and said.saved.csrf is not None and said.saved.csrf.kind == "cookie":
        yield from from_jar(said.saved.name, said.saved.csrf.name, said.named.jar)


def _command(said: Said, base: str) -> str:
    """Return what sends the request."""
    asked = build(said.line, said.values, _without_secrets(said.carried, said.named), said.beside)
    words = [
        "curl",
        "-s",
        # On this machine alone; its certificate is its own.
        *(["-k"] if base.startswith("https:") and is_loopback(urlsplit(base).hostname or "") else []),
        *(["-I"] if asked.method == "HEAD" else [] if asked.method == "GET" else ["-X", asked.method]),
    ]
    if said.named.jar:
        words += ["-b", f"{said.named.jar}.jar", "-c", f"{said.named.jar}.jar"]
    if said.carried.spelling == "dot segment":
        words.append("--path-as-is")
    for name, value in asked.headers:
        if name == "Cookie" and said.named.jar:
            # Of two headers of that name some servers read one: curl makes one of the jar and this.
            words += ["-b", word(value)]
        elif name.lower() not in _UNSAID or (name == "Accept" and said.line.where == PAGE):
            words += ["-H", word(f"{name}: {value}")]
    if asked.body:
        words += ["-d", word(asked.body.decode(errors="replace"))]
    return " ".join([*words, word(f"{base}{asked.target}")])


def _keeping(command: str, saved: Saved | None) -> str:
    if saved is None or (saved.csrf is not None and saved.csrf.kind == "cookie"):
        return command
    if saved.picked is not None:
        return f"{saved.name}=$({command} | tee /dev/stderr | python3 -c '{saved.picked.program}')"
    if saved.csrf is not None and saved.csrf.kind != "pointer":
        value = "value" if saved.csrf.kind == "input" else "content"
        pattern = f'name=.{re.escape(saved.csrf.name)}.[^>]*{value}=.([^\\"]*)'
        program = f'import re,sys; print(re.search("{pattern}", sys.stdin.read())[1])'
        return f"{saved.name}=$({command} | python3 -c '{program}')"
    if saved.whole or not saved.where.startswith("/"):
        header = saved.where.lower()
        kept = 'sub(/^[^:]*: */,""); print' if saved.whole else 'n=split($2,a,"/"); print a[n]'
        return (
            f"{saved.name}=$({command} -D - -o /dev/null | tr -d '\\r' | "
            f"""awk 'tolower($1)=="{header}:" {{{kept}}}')"""
        )
    way = "".join(f"[{step}]" if step.isdecimal() else f'["{step}"]' for step in pointers.steps(saved.where))
    return (
        f"{saved.name}=$({command} | tee /dev/stderr | python3 -c 'import json,sys; print(json.load(sys.stdin){way})')"
    )
