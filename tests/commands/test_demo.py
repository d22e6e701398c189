import pytest

from memfence.commands.demo import SENTENCES, Act, Line, acts, play

BROKEN, ATTACKED, SCOPED = 2, 3, 4


def told(act: Act) -> list[Line]:
    return list(play(act))


@pytest.mark.parametrize("act", acts(), ids=lambda act: act.title)
def test_each_act_shows_what_it_is_there_to_show(act: Act) -> None:
    leaked = [line.text for line in told(act) if line.leaked]

    assert bool(leaked) is act.must_leak
    assert [
        text for text in leaked if "<- LEAK" not in text and "<- LOST" not in text and "was deleted" not in text
    ] == []


def test_the_acts_are_by_hand_then_broken_then_attacked_then_scoped() -> None:
    assert [act.must_leak for act in acts()] == [False, True, True, True, False]
    assert acts()[BROKEN].story is acts()[ATTACKED].story is acts()[SCOPED].story


def test_every_attack_on_the_tutorials_wrapper_succeeds() -> None:
    first, *attacks = told(acts()[ATTACKED])

    assert first.leaked is False
    assert [line.leaked for line in attacks] == [True] * 6
    assert [line.text for line in attacks if "refused" in line.text] == []


def test_every_attack_on_scoped_memory_is_refused_in_words_that_say_why() -> None:
    first, *attacks = told(acts()[SCOPED])

    assert SENTENCES["alice"] in first.text
    assert [line.text for line in attacks if "refused, " not in line.text] == []
    reasons = ("holds '*'", "'AND' in filters", *["no record of this id in the bound scope"] * 3, "holds '*'")
    assert [reason for reason, line in zip(reasons, attacks, strict=True) if reason not in line.text] == []


def test_after_the_attacks_both_users_still_have_their_own() -> None:
    *_, changing, _, wiping = told(acts()[SCOPED])

    assert SENTENCES["alice"] in changing.text
    assert SENTENCES["bob"] in wiping.text


@pytest.mark.parametrize("act", acts(), ids=lambda act: act.title)
def test_an_act_fits_on_a_screen_of_80_by_24(act: Act) -> None:
    width = 80
    shown = [row for line in told(act) for row in line.shown(width).splitlines()]

    # The title, its explanation and the empty line before them come on top.
    assert len(shown) + 2 + -(-len(act.explanation) // (width - 10)) <= 24
    assert max(map(len, shown)) <= width


def test_the_lines_that_follow_stand_further_in() -> None:
    assert Line("one two three").shown(10) == "  one two\n    three"
