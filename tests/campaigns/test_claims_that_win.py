"""Where the user id that is said beside a credential wins: that is told, and nothing that only follows from it."""

from signed_in_targets import Application, Requests

from memfence.campaigns import resolve
from memfence.campaigns.audits import Audit
from memfence.campaigns.settings import AuditSettings
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


def test_who_has_cleared_anothers_has_not_erased_its_own() -> None:
    settings = AuditSettings(seed=7, users=4, examples=0, scenarios=("claimed_records",))

    result = Audit(adapt(HeaderClears, "HeaderClears"), settings, resolve.all_oracles(), repeat="").run()

    found = {(group.example.oracle, str(group.example.channel)) for one in result.scenarios for group in one.findings}
    assert found == {("tampering", "delete_all")}
