"""A provider that lies: in this process, over real HTTP. A test changes what it says before the client asks."""

import hashlib
import json
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey
from joserfc.util import urlsafe_b64encode

CLIENT = "ledger"
ACCESS = "of no use"
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})
ED = OKPKey.generate_key("Ed25519", {"kid": "ed", "use": "sig"})
ANY = jws.JWSRegistry(algorithms=list(jws.JWSRegistry.algorithms), strict_check_header=False)


class Hostile:
    """What the provider says: ``answers`` by path, each a status and the bytes that follow."""

    def __init__(self) -> None:
        self.issuer = ""
        self.nonce = ""
        self.keys: list[Key] = [RSA, EC, ED]
        self.stopped = Event()
        self.asked: list[str] = []
        self.answers: dict[str, Callable[[], Any]] = {
            "/.well-known/openid-configuration": self.metadata,
            "/jwks": self.jwks,
            "/token": lambda: {"access_token": ACCESS, "token_type": "Bearer", "id_token": self.token()},
        }

    def metadata(self, **said: Any) -> dict[str, Any]:
        places = {
            "authorization_endpoint": f"{self.issuer}/authorize?keep=this",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
        }
        return {"issuer": self.issuer} | places | said

    def jwks(self) -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False) for key in self.keys]}

    def claims(self, **said: Any) -> dict[str, Any]:
        """Claims without fault, but for what is said; None leaves one out."""
        now = int(time.time())
        whole = {"iss": self.issuer, "sub": "mallory", "aud": CLIENT, "nonce": self.nonce, "iat": now, "exp": now + 60}
        return {name: value for name, value in (whole | said).items() if value is not None}

    def token(
        self, key: Key | None = RSA, alg: str = "RS256", header: dict[str, Any] | None = None, **said: Any
    ) -> str:
        """A signed token without fault, but for what is said."""
        kid = {"kid": key.kid} if key is not None and not isinstance(key, OctKey) else {}
        head = {"alg": alg} | kid | (header or {})
        head = {name: value for name, value in head.items() if value is not None}
        return jws.serialize_compact(head, json.dumps(self.claims(**said)), key, registry=ANY)

    def says(self, path: str, answer: Callable[[], Any]) -> None:
        self.answers[path] = answer

    def gives(self, token: Callable[[], Any], access_token: str = ACCESS) -> None:
        """The token endpoint answers with this ID token."""
        self.says("/token", lambda: {"access_token": access_token, "token_type": "Bearer", "id_token": token()})


def at_hash(access_token: str, digest: Callable[[bytes], Any] = hashlib.sha256) -> str:
    whole = digest(access_token.encode()).digest()
    return urlsafe_b64encode(whole[: len(whole) // 2]).decode()


@contextmanager
def hostile_provider(tls: ssl.SSLContext | None = None) -> Iterator[Hostile]:
    """One that runs on a free port of this machine as long as this."""
    hostile = Hostile()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            path = self.path.split("?")[0]
            hostile.asked.append(path)
            answer = hostile.answers[path]()
            if isinstance(answer, Iterator):  # bytes as they come, headers and all
                for piece in answer:
                    self.wfile.write(piece)
                return
            status, body = answer if isinstance(answer, tuple) else (200, answer)
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815 - the name the library looks for

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            pass  # the client hangs up on a liar

    with Server(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        hostile.issuer = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
        running = Thread(target=server.serve_forever, args=(0.01,))
        running.start()
        try:
            yield hostile
        finally:
            hostile.stopped.set()
            server.shutdown()
            running.join(10)
