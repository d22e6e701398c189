"""Streams whose reader may leave before the end, as `| head -1` does: what an exit code says stays true."""

import io
import os
import sys
from typing import TextIO


def outlive_readers() -> None:
    """Let the output go nowhere once nobody reads it: no traceback, and no exit code that is none of a verdict's."""
    sys.stdout, sys.stderr = _outliving(sys.stdout), _outliving(sys.stderr)


class _Pipe(io.FileIO):
    def write(self, data: object, /) -> int:
        try:
            return super().write(data)  # type: ignore[arg-type]  # whatever FileIO takes
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            return super().write(data)  # type: ignore[arg-type]  # as above


def _outliving(stream: TextIO) -> TextIO:
    buffer = getattr(stream, "buffer", None)
    # Another stands there where output is captured, or none at all; python -u has no buffer before the file.
    if not isinstance(stream, io.TextIOWrapper) or not isinstance(getattr(buffer, "raw", buffer), io.FileIO):
        return stream
    stream.flush()
    raw = _Pipe(stream.fileno(), "wb", closefd=False)
    return io.TextIOWrapper(
        raw if isinstance(buffer, io.FileIO) else io.BufferedWriter(raw),  # as python -u does
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
