"""The client signs people in at a certified provider, which judges what the client sends."""

import time
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from ledger.access.id_token import Identity, NotProven, Reason
from ledger.access.oidc import Provider, SignInBegun
from tests.oidc.browser import Browser

CALLBACK = "http://127.0.0.1:9/v1/session/oidc/callback"
SECRETS = {"ledger": "s3cret: +%&=/?", "another": "of another", "ledger-ps": "of ps"}


@pytest.fixture
def provider(issuer: str) -> Provider:
    return client(issuer)


def client(issuer: str, client_id: str = "ledger") -> Provider:
    return Provider(issuer, client_id, SECRETS.get(client_id))


def came_back(browser: Browser, begun: SignInBegun, who: str = "alice") -> dict[str, str]:
    """What the provider sends back with the browser."""
    return dict(parse_qsl(urlsplit(browser.sign_in(begun.url, who, CALLBACK)).query))


def finish(provider: Provider, begun: SignInBegun, back: dict[str, str], redirect_uri: str = CALLBACK) -> Identity:
    return provider.finish(back["code"], begun.proof, redirect_uri, back["iss"])


def reason(provider: Provider, begun: SignInBegun, back: dict[str, str], redirect_uri: str = CALLBACK) -> Reason:
    with pytest.raises(NotProven) as refused:
        finish(provider, begun, back, redirect_uri)
    return refused.value.why


@pytest.mark.parametrize("client_id", ["ledger", "ledger-ps", "ledger-es", "ledger-ed"])
def test_who_signs_in_at_the_provider_is_known(issuer: str, browser: Browser, client_id: str) -> None:
    provider = client(issuer, client_id)
    begun = provider.begin(CALLBACK)
    back = came_back(browser, begun)
    assert back["state"] == begun.state
    identity = finish(provider, begun, back)
    assert (identity.issuer, identity.subject, identity.name) == (issuer, "alice", "Alice 示例")


def test_every_sign_in_has_secrets_of_its_own_and_sends_only_the_challenge(provider: Provider) -> None:
    begun = [provider.begin(CALLBACK) for _ in range(20)]
    said = [value for one in begun for value in (one.state, *one.proof)]
    assert len(set(said)) == 60
    assert all(len(value) == 43 for value in said)  # 256 bits in base64url
    for one in begun:
        asked = parse_qs(urlsplit(one.url).query)
        assert (asked["code_challenge_method"], asked["response_type"]) == (["S256"], ["code"])
        assert one.proof.verifier not in one.url


def test_a_code_is_good_once(provider: Provider, browser: Browser) -> None:
    begun = provider.begin(CALLBACK)
    back = came_back(browser, begun)
    finish(provider, begun, back)
    assert reason(provider, begun, back) is Reason.CODE_REFUSED


def test_a_code_is_of_no_use_without_its_verifier(provider: Provider, browser: Browser) -> None:
    begun = provider.begin(CALLBACK)
    back = came_back(browser, begun)
    stolen = begun._replace(proof=begun.proof._replace(verifier=provider.begin(CALLBACK).proof.verifier))
    assert reason(provider, stolen, back) is Reason.CODE_REFUSED


def test_a_code_of_another_client_is_refused(issuer: str, provider: Provider, browser: Browser) -> None:
    begun = client(issuer, "another").begin(CALLBACK)
    assert reason(provider, begun, came_back(browser, begun)) is Reason.CODE_REFUSED


def test_a_code_for_another_address_is_refused(provider: Provider, browser: Browser) -> None:
    begun = provider.begin(CALLBACK)
    back = came_back(browser, begun)
    assert reason(provider, begun, back, CALLBACK.replace(":9/", ":10/")) is Reason.CODE_REFUSED


def test_the_token_of_another_sign_in_is_refused(provider: Provider, browser: Browser) -> None:
    begun = provider.begin(CALLBACK)
    back = came_back(browser, begun)
    assert reason(provider, begun._replace(proof=begun.proof._replace(nonce="of another")), back) is Reason.WRONG_NONCE


def test_an_answer_in_the_name_of_another_provider_is_refused(provider: Provider, browser: Browser) -> None:
    begun = provider.begin(CALLBACK)
    back = came_back(browser, begun)
    assert reason(provider, begun, back | {"iss": "http://127.0.0.1:9"}) is Reason.WRONG_ISSUER
    with pytest.raises(NotProven, match="WRONG_ISSUER"):
        provider.finish(back["code"], begun.proof, CALLBACK, None)
    assert finish(provider, begun, back).subject == "alice"  # the code had not been sent anywhere


def test_a_token_that_has_expired_is_refused(issuer: str, browser: Browser) -> None:
    late = Provider(issuer, "ledger", SECRETS["ledger"], now=lambda: time.time() + 121)  # 60 s of life, 60 of leeway
    begun = late.begin(CALLBACK)
    assert reason(late, begun, came_back(browser, begun)) is Reason.EXPIRED


def test_a_wrong_secret_is_told_from_a_wrong_code(issuer: str, browser: Browser) -> None:
    mistaken = Provider(issuer, "ledger", "another secret")
    begun = mistaken.begin(CALLBACK)
    assert reason(mistaken, begun, came_back(browser, begun)) is Reason.CLIENT_REFUSED


def test_leaving_ends_the_session_at_the_provider_too(issuer: str, provider: Provider) -> None:
    url = provider.logout_url("http://127.0.0.1:9/")
    assert url is not None
    assert url.startswith(f"{issuer}/session/end?")
    assert parse_qs(urlsplit(url).query) == {
        "client_id": ["ledger"],
        "post_logout_redirect_uri": ["http://127.0.0.1:9/"],
    }
    assert Browser().client.get(url).status_code == 200  # it asks whether to leave
