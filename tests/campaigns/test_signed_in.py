"""Applications into which users sign in: a right one is held, and each of the usual mistakes is found by its oracle."""

from typing import Any

import pytest
from signed_in_targets import (
    BROKEN,
    AccountStaysSignedIn,
    Application,
    Guests,
    LogoutForgotten,
    OneSession,
    SignatureUnchecked,
)

from memfence.campaigns import resolve
from memfence.campaigns.audits import Audit
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Verdict
from memfence.performing.awaiting import Awaiter
from memfence.performing.contract import adapt
from memfence.performing.credentials import Credentials, NotTriedError
from memfence.reporting import story

SCENARIOS = tuple(name for name, one in resolve.all_scenarios().items() if one.fits("", sessions=True) != one.fits(""))

# Of each oracle one.
FEW = {oracle: kind for kind, oracle in reversed(BROKEN.items())}.values()


def audited(kind: type[Application], **said: Any) -> Audit:
    settings = AuditSettings(seed=7, users=4, examples=0, scenarios=SCENARIOS, **said)
    return Audit(adapt(kind, kind.__name__), settings, resolve.all_oracles(), repeat="")


@pytest.mark.parametrize(
    "kind",
    [kind if kind in FEW else pytest.param(kind, marks=pytest.mark.long) for kind in BROKEN],
    ids=lambda kind: kind.__name__,
)
def test_a_mistake_is_found_by_the_oracle_that_names_it(kind: type[Application]) -> None:
    result = audited(kind).run()

    found = {group.example.oracle for one in result.scenarios for group in one.findings}
    assert result.verdict is Verdict.VIOLATED
    assert BROKEN[kind] in found


@pytest.mark.parametrize("kind", [Application, OneSession], ids=lambda kind: kind.__name__)
def test_a_right_application_is_held_by_every_scenario_of_credentials(kind: type[Application]) -> None:
    result = audited(kind).run()

    told = {one.name: one.reasons for one in result.scenarios if one.verdict not in (Verdict.HELD, None)}
    assert told == {}
    unasked = {one.name: one.not_exercised for one in result.scenarios if one.verdict is None}
    # Its tokens do not count, so there was nothing to guess; what asked nothing holds nothing.
    assert unasked == {"guessed_credentials": "there is no such credential here: guessed"}


def test_who_answers_guests_on_purpose_is_held_where_that_is_said_and_violated_where_not() -> None:
    meant, unsaid = (audited(Guests, **said).run() for said in ({"anonymous": "allow"}, {}))

    assert [one.name for one in meant.scenarios if one.findings] == []
    assert unsaid.verdict is Verdict.VIOLATED


@pytest.mark.parametrize("kind", [SignatureUnchecked, LogoutForgotten], ids=lambda kind: kind.__name__)
def test_what_shows_a_users_own_through_no_valid_credential_is_found_though_guests_are_answered(
    kind: type[Application],
) -> None:
    assert audited(kind, anonymous="allow").run().verdict is Verdict.VIOLATED


def test_the_lines_of_a_closed_account_say_that_its_sessions_have_ended() -> None:
    result = audited(AccountStaysSignedIn).run()

    groups = [group for one in result.scenarios if one.name == "closed_accounts" for group in one.findings]
    lines = story.calls(result, groups[0])
    closing = next(at for at, line in enumerate(lines) if line.endswith(".close_account()"))
    assert lines[closing + 1].startswith("sessions.account_closed(")


def test_a_credential_that_is_a_text_reaches_the_target_in_one_shape() -> None:
    carried: list[object] = []

    class Plain:
        def sign_in(self, user_id: str) -> str:
            return f"token of {user_id}"

        def bearing(self, credential: object) -> object:
            carried.append(credential)
            return self

    target = adapt(Plain, "plain")
    target.make_memory("ann")
    Credentials(target, Awaiter()).memory("ann")

    assert carried == [{"token": "token of ann"}] * 2


def test_nobody_has_signed_in_over_an_open_session_where_the_login_leads_back_to_it() -> None:
    class LedAway(Application):
        """Who is signed in is led to the first page, whoever wants to sign in."""

        def sign_in(self, user_id: Any, *, carrying: dict[str, str] | None = None) -> dict[str, str]:
            open_still = carrying is not None and self.sessions.get(self.session_of(carrying["cookie session"]))
            return carrying if carrying and open_still else super().sign_in(user_id)

    credentials = Credentials(adapt(LedAway, "LedAway"), Awaiter())
    credentials.sign_in("ann")
    credentials.sign_in("bob")

    with pytest.raises(NotTriedError):
        credentials.sign_in("bob", carrying="left", left_by="ann")

    bobs = credentials.memory("bob")
    bobs.add("Bob's own")
    assert credentials.memory("ann").get_all() == []
    assert len(bobs.get_all()) == 1
