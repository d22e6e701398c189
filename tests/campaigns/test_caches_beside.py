"""A cache that stands beside a memory: what lies there is told, and what was erased is looked for there."""

from typing import Any

import diskcache
import pytest
from leaky_targets import checked

from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Finding, FindingClass, Verdict
from memfence.performing.contract import Target, adapt


def found(target: Target, *names: str) -> list[Finding]:
    settings = AuditSettings(seed=3, users=4, examples=0)
    oracles = resolve.all_oracles()
    result = Campaign(target, resolve.scenarios(names), settings, oracles).run()
    return [group.example for one in result.scenarios for group in one.findings]


class Beside:
    """A memory that isolates; in a cache of its own lies each listing, which only its own user's key finds."""

    disposable = True
    cache: Any

    def start(self) -> None:
        self.rows: list[tuple[str, str]] = []
        self.cache.clear()

    def caches(self) -> Any:
        return {"listings": self.cache}

    def make_memory(self, user_id: object) -> Any:
        world, user = self, checked(user_id)

        class Memory:
            def add(self, text: str) -> None:
                world.rows.append((user, text))

            def get_all(self) -> list[str]:
                listing = [text for owner, text in world.rows if owner == user]
                # Kept for later under a key that no other call makes: an old version of it is never asked for.
                world.cache[f"{user}/{len(listing)}"] = listing
                return listing

            def delete_all(self) -> None:
                world.rows = [row for row in world.rows if row[0] != user]

        return Memory()


def test_what_was_erased_and_still_lies_in_a_cache_is_residue_and_its_key_is_named(tmp_path: Any) -> None:
    with diskcache.Cache(str(tmp_path)) as cache:
        target = Beside()
        target.cache = cache

        findings = found(adapt(target, "t"), "erasure")

    (finding,) = [one for one in findings if one.oracle == "residue"]
    assert (finding.klass, finding.verdict) == (FindingClass.RESIDUE, Verdict.HELD)
    assert "no call showed it, it lies in: the cache listings, under the key " in finding.evidence[1]


@pytest.mark.parametrize(
    ("breakage", "oracle", "scenario"),
    [("cache_without_user", "canary_leak", "erasure"), ("cache_outlives_delete", "residue", "erasure")],
)
def test_a_leak_from_a_cache_says_which_and_under_which_key(breakage: str, oracle: str, scenario: str) -> None:
    findings = found(resolve.target("reference", breakage=breakage), scenario)

    served = [one for one in findings if one.oracle == oracle and one.klass is FindingClass.LEAK]
    assert any("it lies in the cache answers, under the key " in line for one in served for line in one.evidence)
