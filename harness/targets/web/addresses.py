"""Which addresses are this machine, and which may be audited."""

from collections.abc import Container
from ipaddress import ip_address
from urllib.parse import urlsplit

from ...base.errors import TargetError
from ...base.masking import masked


def is_address(name: str) -> bool:
    """Tell whether a target's name is an address of an application."""
    return name.startswith(("http://", "https://"))


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, by its name alone: nothing is looked up."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost" or host.lower().endswith(".localhost")


def check_address(address: str, hosts: Container[str], *, allow_remote: bool) -> str:
    """Return the address without what nobody needs; raises TargetError where it must not be attacked."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        msg = f"{masked(address)} is no address: {error}"
        raise TargetError(msg) from None
    if not host or parts.query or parts.fragment or parts.username is not None:
        msg = f"{masked(address)} is no address of an application: write http://127.0.0.1:8000, or with a path"
        raise TargetError(msg)
    if not is_loopback(host):
        if host not in hosts:
            msg = (
                f"{host} is not this machine: memfence attacks an application elsewhere only where its file says "
                f"hosts = [{host!r}], and --allow-remote is given"
            )
            raise TargetError(msg)
        if not allow_remote:
            msg = f"{host} is not this machine: give --allow-remote, if you may attack it"
            raise TargetError(msg)
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{f':{port}' if port else ''}{parts.path.rstrip('/')}"
