import pytest
from hypothesis import given
from hypothesis import strategies as st

from memfence import Population
from memfence.base.errors import HarnessError, TargetError
from memfence.base.masking import masked, masked_values
from memfence.base.wording import in_one_line, printable
from memfence.campaigns import resolve
from memfence.model.credentials import CLASSES

SECRET = "s3cr3t-Pa55w0rd"  # noqa: S105 - it opens nothing
HOSTILE = [
    f"postgresql://user:{SECRET}@host/db",
    f"could not connect to 'postgresql+psycopg://user:{SECRET}@10.0.0.1:5432/db?sslmode=off'",
    f"postgresql://user:p@{SECRET}@host/db",
    f"postgresql://user:pa/{SECRET}@host/db",
    f"https://{SECRET}@github.example/x",
    f"redis://:{SECRET}@cache:6379/0",
    f"Authorization: Token m0-{SECRET}",
    f"headers={{'Authorization': 'Token {SECRET}', 'Accept': '*/*'}}",
    f'{{"authorization": "Bearer {SECRET}"}}',
    f"('authorization', 'Basic {SECRET}')",
    f"the header said Bearer {SECRET}",
    f"api_key={SECRET}",
    f"api-key: {SECRET}, next",
    f"Incorrect API key provided: sk-{SECRET}",
    f"config = {{'api_key': '{SECRET}', 'model': 'x'}}",
    f'{{\\"password\\": \\"{SECRET}\\"}}',
    f"QdrantConfig(host='h', api_key=SecretStr('{SECRET}'))",
    f"OPENAI_API_KEY={SECRET} python app.py",
    f"password='it\\'s {SECRET}'",
    f"https://host/v1/memories?user_id=7&access_token={SECRET}&page=2",
    f"DefaultEndpointsProtocol=https;AccountKey={SECRET};EndpointSuffix=x",
    f"client_secret : {SECRET}",
    f"MEM0_API_KEY m0-{SECRET}",
    f"-----BEGIN RSA PRIVATE KEY-----\n{SECRET}\n-----END RSA PRIVATE KEY-----",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_secret_is_masked_wherever_it_stands(text: str) -> None:
    shown = masked(text)

    assert SECRET not in shown
    assert "***" in shown
    assert masked(shown) == shown


def test_what_helps_to_find_the_place_stays() -> None:
    assert masked(f"postgresql://user:{SECRET}@host:5432/db is down") == "postgresql://***@host:5432/db is down"
    assert masked(f"user_id=7&api_key={SECRET}&page=2") == "user_id=7&api_key=***&page=2"
    assert masked(f"{{'api_key': '{SECRET}', 'model': 'x'}}") == "{'api_key': ***, 'model': 'x'}"


@pytest.mark.parametrize(
    "text",
    [
        """curl -s -d '{"user": "ann", "password": "'"$pw-ann"'"}' http://127.0.0.1/session""",
        """curl -s -d 'password='"$pw-ann" -H 'Authorization: Bearer '"$ann" http://127.0.0.1/session""",
        "guessed_credentials: no probe was answered; altered_credentials: 4 findings",
        "not tried: credential: other purpose; credential: user; timing: another's record",
        "'I grew up in Missouri; my door code is PDWB-FA9M-GDEQ.'",
        'make_memory("mf646f5465-jerry-115").get(<id of the record added at operation 1>)',
        "the token was refused, and so was the password",
        "memfence audit mem0 --seed 7 --scenario cross_search --breakage drop_user_id",
        "mail alice@example.org; see https://example.org/a@b?user_id=7",
        "http://localhost:8080/users/alice@example.org",
        "filters={'AND': [{'user_id': 'alice'}]}",
        "utils.py:244 in process_telemetry_filters: AttributeError: 'NoneType' object has no attribute 'encode'",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert masked(text) == text


def test_the_campaigns_own_words_are_no_secrets() -> None:
    for tenant in Population(seed=3, size=200, facts=6):
        for fact in tenant.facts:
            assert masked(fact.text) == fact.text


@given(st.text())
def test_to_mask_twice_is_to_mask_once(text: str) -> None:
    assert masked(masked(text)) == masked(text)


def test_a_key_gives_its_value_away() -> None:
    said = {"store": {"password": SECRET, "urls": [f"redis://:{SECRET}@h"], "port": 1, "token": ""}, "auth": [SECRET]}

    assert masked_values(said) == {
        "store": {"password": "***", "urls": ["redis://***@h"], "port": 1, "token": ""},
        "auth": ["***"],
    }


@pytest.mark.parametrize("kind", [HarnessError, TargetError])
def test_an_error_of_ours_says_no_secret(kind: type[HarnessError]) -> None:
    assert str(kind(f"cannot open redis://:{SECRET}@h")) == "cannot open redis://***@h"


def test_a_strangers_error_in_one_line_says_no_secret() -> None:
    error = ConnectionError(f"postgresql://user:{SECRET}@host/db")

    assert in_one_line(error, frozenset()) == "ConnectionError: postgresql://***@host/db"
    assert printable(f"api_key={SECRET} \x1b") == "api_key=*** \\x1b"


def test_what_we_say_of_credentials_ourselves_stays() -> None:
    scenarios = [name for name in resolve.all_scenarios() if name.endswith("credentials")]
    spoke = [f"  {scenario}: {oracle} by list (high)" for scenario in scenarios for oracle in resolve.all_oracles()]
    lines = [*spoke, *(f"not tried: {name}; claim: query" for name in CLASSES)]

    assert [line for line in lines if masked(line) != line] == []
