from memfence.campaigns.forecasts import forecast


def test_an_audit_of_a_few_users_says_nothing() -> None:
    assert forecast("mem0", users=20, facts=3, scenarios=50) == ""


def test_an_audit_of_very_many_says_how_long_and_how_big_and_names_scale() -> None:
    told = forecast("reference", users=1_000_000, facts=3, scenarios=1)
    assert told == (
        "1,000,000 users by 1 scenario take about 11 hours and 34.9 GB; for very many there is: memfence scale"
    )


def test_one_that_is_only_big_says_so_too() -> None:
    assert "1.0 GB" in forecast("reference", users=30_000, facts=3, scenarios=1)
