"""`memfence matrix`: stores, embedders and wrappers, side by side."""

import time
from dataclasses import replace
from pathlib import Path

from ..base.machine import fitting
from ..campaigns.workers import Workers
from ..model.findings import Verdict
from ..reporting.console import announce, open_console
from ..reporting.files import put, writing
from ..reporting.matrix_console import write_matrix
from ..reporting.matrix_html import matrix_html
from ..reporting.matrix_json import matrix_json
from ..reporting.matrix_markdown import markdown
from ..reporting.progress import counting_bar
from ..reporting.tables import Matrix, MatrixSettings
from .matrix import chosen, in_order, rows, tasks

_WRITERS = {".json": matrix_json, ".md": markdown, ".html": matrix_html}


def survey(settings: MatrixSettings, workers: int | None, reports: list[Path]) -> int:
    """Audit what was chosen, show and write the matrix, and return the exit code; raises HarnessError."""
    started = time.perf_counter()
    settings, left_out = chosen(settings)
    matrix = Matrix(settings, (), left_out)
    errors = open_console(stderr=True)
    with counting_bar(len(tasks(settings)), "auditing", errors) as bar:
        try:
            for found in rows(settings, Workers(workers or fitting())):
                matrix = replace(matrix, rows=in_order(settings, (*matrix.rows, *found)))
                bar()
        except KeyboardInterrupt:
            matrix = replace(matrix, interrupted=True)
    matrix = replace(matrix, seconds=time.perf_counter() - started)
    write_matrix(matrix, open_console())
    for path in reports:
        with writing(path):
            put(path, _WRITERS[path.suffix](matrix))
        announce(path)
    return (Verdict.HELD if matrix.complete else Verdict.INCONCLUSIVE).exit_code
