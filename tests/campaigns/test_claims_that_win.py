"""Where the user id that is said beside a credential wins: that is told, and nothing that only follows from it."""

import pytest
from signed_in_targets import Application, Requests

from memfence.campaigns import resolve
from memfence.campaigns.audits import Audit
from memfence.campaigns.settings import AuditSettings
from memfence.model.causes import causes
from memfence.performing.contract import adapt


class Clearing(Requests):
    """To remove all believes a header."""

    def delete_all(self) -> None:
        of = self.claim[2] if self.claim is not None and self.claim[0] == "header" else self._user()
        for key in [key for key, (owner, _) in self.app.records.items() if owner == of]:
            del self.app.records[key]


class HeaderClears(Application):
    """All else is checked."""

    def bearing(
        self, credential: dict[str, str], *, claim: tuple[str, str, str] | None = None, spelling: str = ""
    ) -> Requests:
        del spelling
        return Clearing(self, credential, claim)


class Giving(Requests):
    """A change takes over whatever stands in the body."""

    def update(self, key: str, text: str) -> None:
        if self.get(key) is None:
            raise LookupError(key)
        self.app.records[key] = (self._user(), text)
        if self.claim is not None and self.claim[:2] == ("body", "owner"):
            self.app.records[key] = (self.claim[2], text)


class BodyGives(Application):
    """All else is checked."""

    def bearing(
        self, credential: dict[str, str], *, claim: tuple[str, str, str] | None = None, spelling: str = ""
    ) -> Requests:
        del spelling
        return Giving(self, credential, claim)


class Showing(Requests):
    """Whoever wants all is shown all."""

    def get_all(self) -> list[dict[str, str]]:
        self._user()
        wants_all = self.claim == ("query", "all", "true")
        return (
            [{"id": key, "memory": text} for key, (_, text) in self.app.records.items()]
            if wants_all
            else super().get_all()
        )


class ShowsAll(Application):
    """All else is checked."""

    def bearing(
        self, credential: dict[str, str], *, claim: tuple[str, str, str] | None = None, spelling: str = ""
    ) -> Requests:
        del spelling
        return Showing(self, credential, claim)


@pytest.mark.parametrize(
    ("kind", "scenario", "channel", "cause"),
    [
        (BodyGives, "claimed_records", "update", "owner assigned from the request"),
        (ShowsAll, "claimed_users", "get_all", "role believed from the request"),
    ],
)
def test_what_is_given_away_or_shown_to_who_asks_for_more_is_found_and_its_cause_told(
    kind: type[Application], scenario: str, channel: str, cause: str
) -> None:
    settings = AuditSettings(seed=7, users=4, examples=0, scenarios=(scenario,))

    result = Audit(adapt(kind, kind.__name__), settings, resolve.all_oracles(), repeat="").run()

    found = {(group.example.oracle, str(group.example.channel)) for one in result.scenarios for group in one.findings}
    assert found == {("canary_leak", channel)}
    assert causes([(one, group) for one in result.scenarios for group in one.findings]) == [cause]


def test_who_has_cleared_anothers_has_not_erased_its_own() -> None:
    settings = AuditSettings(seed=7, users=4, examples=0, scenarios=("claimed_records",))

    result = Audit(adapt(HeaderClears, "HeaderClears"), settings, resolve.all_oracles(), repeat="").run()

    found = {(group.example.oracle, str(group.example.channel)) for one in result.scenarios for group in one.findings}
    assert found == {("tampering", "delete_all")}
