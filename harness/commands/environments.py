"""Environments with other versions of mem0, in the user's cache: made once, used again."""

import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from platformdirs import user_cache_path

from ..base.errors import HarnessError

_VERSION = re.compile(r"\d+(\.\w+)*")
_SECONDS = 900
_READY = "memfence-is-ready"
_LINK = "memfence.pth"


def prepared(version: str) -> Path:
    """Return the interpreter of an environment in which mem0ai is of this version and memfence is our own, by path.

    What memfence needs and mem0 does not bring comes from the environment that runs this. Raises HarnessError where it
    cannot be made; then nothing is left of it.
    """
    if not _VERSION.fullmatch(version):
        msg = f"{version!r} is no version of mem0: write for example --mem0 1.0.11,2.0.12"
        raise HarnessError(msg)
    folder = user_cache_path("memfence") / "mem0" / f"{version}-python{sys.version_info[0]}.{sys.version_info[1]}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (folder / _READY).is_file():
        shutil.rmtree(folder, ignore_errors=True)
        try:
            venv.create(folder, with_pip=True)
            _install(python, version)
        except (OSError, subprocess.SubprocessError) as error:
            shutil.rmtree(folder, ignore_errors=True)
            msg = f"an environment with mem0ai {version} could not be made: {_told(error)}"
            raise HarnessError(msg) from error
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        (folder / _READY).touch()
    # Each time: we may have been installed anew.
    _link(python)
    return python


def _install(python: Path, version: str) -> None:
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"mem0ai=={version}"]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=_SECONDS)  # noqa: S603 - as checked above


def _link(python: Path) -> None:
    """Let it find, after its own packages, those of the environment that runs this."""
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    done = subprocess.run([str(python), "-c", ask], check=True, capture_output=True, text=True, timeout=_SECONDS)  # noqa: S603 - our own
    ours = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    lines = [f"import site; site.addsitedir({path!r})" for path in dict.fromkeys(ours)]
    Path(done.stdout.strip(), _LINK).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _told(error: Exception) -> str:
    said = getattr(error, "stderr", None) or str(error)
    lines = [line for line in str(said).splitlines() if "ERROR" in line] or str(said).splitlines() or [""]
    return lines[-1].removeprefix("ERROR: ")
