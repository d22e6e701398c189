"""Questions as a grammar: all that may stand where a search expects a sentence."""

from ..model.tenants import Fact, Tenant

CLASSES: dict[str, str] = {
    "question: empty": "a search for nothing at all",
    "question: blanks": "a search for blanks, tabs and line ends",
    "question: one letter": "a search for a single letter",
    "question: punctuation": "a search for punctuation alone, also for what is a pattern somewhere",
    "question: stop words": "a search for words that an index leaves out",
    "question: very long": "a search for thousands of characters, longer than keys and columns are",
    "question: other scripts": "a search in Chinese, Arabic and Hindi, and for a picture",
    "question: one rare word": "a search for one word that stands in few texts, one of them another user's",
    "question: ids of others": "a search for another user's id alone",
    "question: filters' syntax": "a search whose text is a filter, in the syntax of several stores",
}
# Such a one says nothing of what is sought: where a target answers it in words, these are no echo of it.
WORDLESS: tuple[tuple[str, str], ...] = (
    ("question: empty", ""),
    ("question: blanks", " "),
    ("question: blanks", "\t\n "),
    ("question: one letter", "a"),
    ("question: one letter", "I"),
    ("question: punctuation", "?"),
    ("question: punctuation", "*"),
    ("question: punctuation", "%"),
    ("question: punctuation", "... !?"),
    ("question: stop words", "the"),
    ("question: stop words", "and of the"),
    ("question: other scripts", "\u4ed6\u559c\u6b22\u4ec0\u4e48\uff1f"),
    ("question: other scripts", "\u0645\u0627\u0630\u0627 \u064a\u062d\u0628"),
    ("question: other scripts", "\u0909\u0938\u0947 \u0915\u094d\u092f\u093e"),
    ("question: other scripts", "\U0001f600"),
)
# Longer than a key of 4,096 bytes, and shorter than what a server takes for too long.
_LONG = 6000
# An answer that quotes a shorter question cannot be told from a record.
_TOLD = 6


def questions(victim: Tenant) -> tuple[tuple[str, str], ...]:
    """Return questions to ask about a victim, each with its class; none holds a fact's code."""
    words, known = victim.facts[0].bare, str(victim.id)
    return (
        *WORDLESS,
        ("question: very long", f"{words}. {'Please tell me more about that. ' * _LONG}"[:_LONG]),
        *(("question: one rare word", _rare_word(fact)) for fact in victim.facts),
        ("question: ids of others", known),
        ("question: filters' syntax", f"user_id:{known}"),
        ("question: filters' syntax", f'{words} user_id == "{known}"'),
        ("question: filters' syntax", f"' OR user_id='{known}"),
        ("question: filters' syntax", f'{{"user_id": "{known}"}}'),
        ("question: filters' syntax", "user_id:*"),
        # Out of a text that was pasted into SQL: as it is, in a pattern, and within brackets.
        ("question: filters' syntax", "' OR 1=1 -- "),
        ("question: filters' syntax", "%' OR 1=1 -- "),
        ("question: filters' syntax", "%') OR 1=1 -- "),
    )


def _rare_word(fact: Fact) -> str:
    """Return what a fact says of its owner, such as a state: an index of words finds it, whatever it means.

    A short one comes with the word before it, which indices leave out: where it is quoted, that can be told.
    """
    *_, before, word = fact.bare.split()
    return word if len(word) >= _TOLD else f"{before} {word}"


def by_class(victim: Tenant) -> dict[str, list[str]]:
    """Return the same questions by their class."""
    classes: dict[str, list[str]] = {}
    for kind, question in questions(victim):
        classes.setdefault(kind, []).append(question)
    return classes


def one_of_each(victim: Tenant, turn: int) -> tuple[tuple[str, str], ...]:
    """Return a question of each class; any number will do, the next one asks for the next of each."""
    return tuple((kind, members[turn % len(members)]) for kind, members in by_class(victim).items())


def nth_questions(which: int, victim: Tenant) -> tuple[tuple[str, str], ...]:
    """Return the questions of one class, any number will do."""
    kind = list(CLASSES)[which % len(CLASSES)]
    return tuple((kind, question) for question in by_class(victim)[kind])
