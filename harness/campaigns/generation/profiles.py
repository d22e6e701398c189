"""What Hypothesis is told: how much to generate, and to keep nothing where nobody asked it to."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.configuration import set_hypothesis_home_dir


def settings_for(*, examples: int, steps: int) -> settings:
    """Return settings that generate so much and keep nothing."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        # What is found is shrunk by memfence, which knows what an operation is.
        phases=(Phase.generate,),
        database=None,
        deadline=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        print_blob=False,
    )


@contextmanager
def in_a_temporary_folder() -> Iterator[None]:
    """Let Hypothesis keep what it keeps in a folder that is removed: in the current one it would stay."""
    with TemporaryDirectory(prefix="memfence-") as folder:
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)
