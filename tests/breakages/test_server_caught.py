"""Each defect of the reference application is caught by the oracle that it names; the sound application is held."""

import pytest

from memfence.breakages import Layer
from memfence.campaigns import resolve, trials
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Verdict
from memfence.model.kills import Cell

BREAKAGES = {name: one for name, one in resolve.all_breakages().items() if one.layer is Layer.SERVER}
# The scenario that shows each; `memfence prove --on app` asks all of them, with more seeds.
SHOWN_IN = {
    "absent_credentials": ["anonymous_is_default_user", "context_not_reset", "cookie_cached", "cookie_may_be_cached"],
    "altered_credentials": [
        "cookie_opens_what_token_names",
        "secret_of_a_tutorial",
        "session_found_by_beginning",
        "signature_unchecked",
        "token_purpose_unchecked",
        "unsigned_token_accepted",
    ],
    "claimed_owners": ["owner_field_assigned"],
    "claimed_users": ["user_cookie_believed", "user_header_believed", "user_id_from_query"],
    "closed_accounts": ["closed_account_keeps_records", "closed_account_stays_signed_in"],
    "ended_feeds": ["feed_outlives_session"],
    "expired_sessions": ["session_never_expires", "token_expiry_unchecked"],
    "get_by_foreign_id": ["record_id_suffices"],
    "guessed_credentials": ["session_id_counted"],
    "interleaved": ["current_user_in_a_global"],
    "kept_tags": ["tag_of_the_path"],
    "live_feeds": ["events_told_to_all"],
    "planted_sessions": ["guest_session_kept_at_login", "session_id_from_browser"],
    "public_answers": ["answers_are_public", "answers_vary_by_nothing", "any_origin_allowed"],
    "respelt_requests": ["guard_misses_spellings", "head_not_guarded"],
    "signed_out": ["session_left_to_next_user", "sign_out_clears_cookie_only", "token_outlives_sign_out"],
    "wrong_passwords": ["name_signed_up_again"],
    "whole_account": [
        "answer_cached_by_path",
        "answer_cached_by_question",
        "export_cut_at_a_page",
        "neighbour_in_the_prompt",
    ],
}
PAIRS = [(name, scenario) for scenario, names in SHOWN_IN.items() for name in names]


def test_of_each_defect_of_the_application_it_is_known_what_shows_it() -> None:
    assert sorted(name for name, _ in PAIRS) == sorted(BREAKAGES)


@pytest.mark.parametrize(("name", "scenario"), PAIRS)
def test_a_defect_of_the_application_is_caught_by_the_oracle_that_it_names(name: str, scenario: str) -> None:
    trial = trials.Trial(BREAKAGES[name], "app", 0, once=True)

    trial.audit([resolve.all_scenarios()[scenario]])

    assert trial.cells[BREAKAGES[name].caught_by] is (Cell.DOUBTED if BREAKAGES[name].doubted else Cell.CAUGHT)
    assert trial.first is not None


@pytest.mark.long
def test_the_sound_application_is_held_in_each_scenario_that_shows_a_defect() -> None:
    settings = AuditSettings(seed=0, users=trials.USERS, facts=trials.FACTS, probes=trials.PROBES, crowd=24, load=24)
    scenarios = [resolve.all_scenarios()[name] for name in SHOWN_IN]

    result = Campaign(resolve.target("app"), scenarios, settings, resolve.all_oracles(), effort=trials.EFFORT).run()

    # Where nothing can be guessed, nothing is sent.
    expected = {**dict.fromkeys(SHOWN_IN, Verdict.HELD), "guessed_credentials": None}
    assert {one.name: one.verdict for one in result.scenarios} == expected
