"""What Hypothesis is told: how much to generate, and to keep nothing where nobody asked it to."""

from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.configuration import set_hypothesis_home_dir
from platformdirs import user_cache_path


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
def in_the_users_cache() -> Iterator[None]:
    """Let Hypothesis keep what it keeps in the user's cache directory, never in the current one."""
    set_hypothesis_home_dir(user_cache_path("memfence") / "hypothesis")
    try:
        yield
    finally:
        set_hypothesis_home_dir(None)
