"""Where requests come from and go to: hosts, other sites' requests, headers, TLS and proxies."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.main import create_app
from api.origin import LOOPBACK_COOKIE, SECURE_COOKIE, PublicUrl
from ledger.access.people import People
from ledger.settings import Settings, Tls
from tests.api.conftest import in_process, serving
from tests.api.desk import refused
from tests.conftest import fresh_ledger

URL = "https://ledger.example.cn"
FAR = "203.0.113.7"


@pytest.fixture(scope="module")
def public_app(server_dsn: str) -> Iterator[FastAPI]:
    """As it is behind a proxy, or with TLS of its own; nothing is recorded in it."""
    with fresh_ledger(server_dsn) as ledger, closing(People(ledger.store.dsn, ledger.secret)) as registered:
        yield create_app(ledger, registered, public=PublicUrl(URL))


# -- hosts


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:99", "[::1]:8000", "LOCALHOST"])
def test_this_machine_is_asked_by_its_own_names(quiet_app: FastAPI, host: str) -> None:
    assert in_process(quiet_app).get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.nip.io", "127.0.0.1@evil.example", "evil.example#127.0.0.1", "[", "", "localhost/x"],
)
def test_a_name_that_was_made_to_lead_here_is_not_answered(quiet_app: FastAPI, host: str) -> None:
    problem = refused(in_process(quiet_app).get("/healthz", headers={"Host": host}), "MISDIRECTED", 421)
    assert "LEDGER_PUBLIC_URL" in problem["message"]["en"]


def test_the_public_host_is_answered_under_https_only_and_loopback_names_not_from_afar(public_app: FastAPI) -> None:
    assert in_process(public_app, FAR, URL).get("/healthz").status_code == 200
    assert (
        in_process(public_app, FAR, URL).get("/healthz", headers={"Host": "ledger.example.cn:443"}).status_code == 200
    )
    assert in_process(public_app, "127.0.0.1").get("/healthz").status_code == 200
    for address, url in ((FAR, "http://ledger.example.cn"), (FAR, "http://127.0.0.1"), (FAR, "https://localhost")):
        refused(in_process(public_app, address, url).get("/healthz"), "MISDIRECTED", 421)


# -- other sites

ALLOWED = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": URL},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
]
FORGED = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": URL},
    {"Sec-Fetch-Site": "Same-Origin "},
    {"Sec-Fetch-Site": ""},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://ledger.example.cn"},
    {"Origin": "https://ledger.example.cn.evil.example"},
    {"Origin": "https://ledger.example.cn:8443"},
    {"Origin": f"{URL}, https://evil.example"},
    {"Referer": f"{URL}/x"},
    {},
]


@pytest.mark.parametrize("cookie", [SECURE_COOKIE, LOOPBACK_COOKIE])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"])
@pytest.mark.parametrize("said", FORGED)
def test_what_another_site_makes_a_browser_send_is_refused(
    public_app: FastAPI, cookie: str, method: str, said: dict[str, str]
) -> None:
    headers = {"Cookie": f"a=b; {cookie}=x", "Idempotency-Key": "k"} | said
    refused(in_process(public_app, FAR, URL).request(method, "/v1/movements", headers=headers), "CROSS_SITE", 403)
    with_key = headers | {"Authorization": "Bearer x"}  # it does not excuse the cookie
    refused(in_process(public_app, FAR, URL).request(method, "/v1/movements", headers=with_key), "CROSS_SITE", 403)


@pytest.mark.parametrize("said", ALLOWED)
def test_what_our_own_page_sends_is_not(public_app: FastAPI, said: dict[str, str]) -> None:
    headers = {"Cookie": f"{SECURE_COOKIE}=x", "Idempotency-Key": "k"} | said
    refused(in_process(public_app, FAR, URL).post("/v1/movements", headers=headers), "NOT_SIGNED_IN", 401)


@pytest.mark.parametrize("said", FORGED)
def test_reading_and_keys_are_not_affected(public_app: FastAPI, said: dict[str, str]) -> None:
    client = in_process(public_app, FAR, URL)
    cookie = {"Cookie": f"{SECURE_COOKIE}=x"}
    refused(client.get("/v1/movements", headers=cookie | said), "NOT_SIGNED_IN", 401)
    refused(client.post("/v1/movements", headers={"Authorization": "Bearer x"} | said), "NOT_SIGNED_IN", 401)


@pytest.mark.parametrize("said", [said for said in FORGED if "Sec-Fetch-Site" in said or "Origin" in said])
def test_nobody_is_signed_in_by_another_site(public_app: FastAPI, said: dict[str, str]) -> None:
    refused(in_process(public_app, FAR, URL).post("/v1/movements", headers=said), "CROSS_SITE", 403)


def test_a_page_of_this_machine_is_our_own_whatever_its_port(quiet_app: FastAPI) -> None:
    headers = {"Cookie": f"{LOOPBACK_COOKIE}=x", "Host": "localhost:8123"}
    client = in_process(quiet_app)
    own = client.post("/v1/movements", headers=headers | {"Origin": "http://localhost:8123"})
    refused(own, "NOT_SIGNED_IN", 401)
    refused(client.post("/v1/movements", headers=headers | {"Origin": "http://localhost:9000"}), "CROSS_SITE", 403)


# -- headers


@pytest.mark.parametrize(
    "path", ["/healthz", "/nowhere", "/v1/movements", "/docs", "/docs/swagger/swagger-ui.css", "/openapi.json"]
)
def test_every_answer_says_what_a_browser_may_do_with_it(quiet_app: FastAPI, path: str) -> None:
    headers = in_process(quiet_app).get(path).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "script" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert (headers.get("cache-control") == "no-store") == path.startswith("/v1/")
    assert "access-control-allow-origin" not in headers
    assert "strict-transport-security" not in headers
    assert "server" not in headers


def test_a_fault_carries_the_headers_too(public_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("api.routes.health.stands", burst)
    answer = in_process(public_app, FAR, URL).get("/readyz")
    refused(answer, "INTERNAL_FAULT", 500)
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_no_other_site_may_read_answers(quiet_app: FastAPI) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = in_process(quiet_app).options("/v1/movements", headers=asked)
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]


# -- TLS and proxies, over real connections


@pytest.fixture
def certificate(tmp_path: Path) -> Tls:
    """Self-signed, for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    files = Tls(tmp_path / "chain.pem", tmp_path / "key.pem")
    files.certificate.write_bytes(made.public_bytes(pem))
    files.key.write_bytes(key.private_bytes(pem, private, serialization.NoEncryption()))
    return files


def test_tls_of_its_own(public_app: FastAPI, certificate: Tls) -> None:
    trusting = ssl.create_default_context(cafile=certificate.certificate)
    with serving(public_app, Settings(port=0, tls=certificate)) as address, httpx2.Client(verify=trusting) as client:
        answer = client.get(f"{address.replace('http:', 'https:')}/healthz")
        port = int(address.rpartition(":")[2])
        with (
            socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
            trusting.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
        ):
            connection.sendall(b"GET  /\r\n\r\n")
            said = connection.recv(65536).lower()
    assert answer.status_code == 200
    assert said.startswith(b"http/1.1 400 ")
    assert b"\r\nstrict-transport-security: " in said
    assert answer.headers["strict-transport-security"]
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        trusting.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        serving(public_app, Settings(port=0, tls=certificate)) as address,
        httpx2.Client(verify=trusting) as client,
        pytest.raises(httpx2.ConnectError),
    ):
        client.get(f"{address.replace('http:', 'https:')}/healthz")


@pytest.mark.parametrize(
    ("version", "ciphers", "served"),
    [
        (ssl.TLSVersion.TLSv1_3, "", True),
        (ssl.TLSVersion.TLSv1_2, "ECDHE+AESGCM", True),
        (ssl.TLSVersion.TLSv1_2, "ECDHE+CHACHA20", True),
        (ssl.TLSVersion.TLSv1_2, "ECDHE+AES:!AESGCM:!AESCCM", False),
        (ssl.TLSVersion.TLSv1_2, "kRSA+AES", False),
    ],
)
def test_ciphers_keep_what_was_said_secret_and_whole(
    public_app: FastAPI, certificate: Tls, version: ssl.TLSVersion, ciphers: str, served: bool
) -> None:
    trusting = ssl.create_default_context(cafile=certificate.certificate)
    trusting.minimum_version = trusting.maximum_version = version
    if ciphers:
        trusting.set_ciphers(ciphers)
    with serving(public_app, Settings(port=0, tls=certificate)) as address, httpx2.Client(verify=trusting) as client:
        url = f"{address.replace('http:', 'https:')}/healthz"
        if served:
            assert client.get(url).status_code == 200
        else:
            with pytest.raises(httpx2.ConnectError):
                client.get(url)


def test_nothing_is_answered_in_clear_where_tls_is_spoken(public_app: FastAPI, certificate: Tls) -> None:
    with serving(public_app, Settings(port=0, tls=certificate)) as address, pytest.raises(httpx2.HTTPError):
        httpx2.get(f"{address.replace('https:', 'http:')}/healthz")


FORWARDED = {"Host": "ledger.example.cn", "X-Forwarded-Proto": "https", "X-Forwarded-For": FAR}


def test_a_trusted_proxy_says_how_and_from_where_it_was_asked(public_app: FastAPI) -> None:
    behind = Settings(port=0, trusted_proxies=(ip_network("127.0.0.0/8"),))
    with serving(public_app, behind) as address:
        answer = httpx2.get(f"{address}/healthz", headers=FORWARDED)
        assert answer.status_code == 200
        assert answer.headers["strict-transport-security"]
        without = {name: value for name, value in FORWARDED.items() if name != "X-Forwarded-Proto"}
        refused(httpx2.get(f"{address}/healthz", headers=without), "MISDIRECTED", 421)
        refused(httpx2.get(f"{address}/healthz", headers={"X-Forwarded-For": FAR}), "MISDIRECTED", 421)


@pytest.mark.parametrize("trusted", [(), (ip_network("192.0.2.0/24"),)])
def test_nobody_else_is_believed(public_app: FastAPI, trusted: tuple, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    with serving(public_app, Settings(port=0, trusted_proxies=trusted)) as address:
        refused(httpx2.get(f"{address}/healthz", headers=FORWARDED), "MISDIRECTED", 421)
        answer = httpx2.get(f"{address}/healthz", headers={"X-Forwarded-For": FAR, "X-Forwarded-Proto": "https"})
        assert answer.status_code == 200
        assert "strict-transport-security" not in answer.headers


def test_the_test_client_is_not_known_by_default(quiet_app: FastAPI) -> None:
    """So a test that forgets where it stands is told."""
    assert TestClient(quiet_app).get("/healthz").status_code == 421
