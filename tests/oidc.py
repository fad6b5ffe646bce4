"""A small OpenID provider on loopback: discovery, authorize, token, keys; tokens signed with RS256 (RFC 7518).

Written from OpenID Connect Core 1.0 and RFC 7636, not from the client. It says of whoever comes what `claims` holds.
"""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET, KEY_ID = "imports", "the secret of the client", "one"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """Running from its making to `stop`. `forged`: tokens are signed with another key; `changed`: claims that lie."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.changed: dict[str, Any] = {}
        self.forged = False
        self.asked: list[dict[str, str]] = []
        self._codes: dict[str, dict[str, str]] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider._get(self)

            def do_POST(self) -> None:
                provider._post(self)

            def log_message(self, *_arguments: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()  # ends at once

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _get(self, handler: Any) -> None:
        place = urlsplit(handler.path)
        if place.path == "/.well-known/openid-configuration":
            return _json(handler, self._discovery())
        if place.path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key()))
            return _json(handler, {"keys": [key | {"kid": KEY_ID, "alg": "RS256", "use": "sig"}]})
        if place.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(place.query).items()}
            self.asked.append(asked)
            code = f"code-{len(self.asked)}"
            self._codes[code] = asked
            back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
            handler.send_response(302)
            handler.send_header("Location", back)
            handler.send_header("Content-Length", "0")
            return handler.end_headers()
        return _json(handler, {"error": "not_found"}, 404)

    def _post(self, handler: Any) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0))).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        asked = self._codes.pop(given.get("code", ""), None)  # a code is good once
        if asked is None or (given.get("client_id"), given.get("client_secret")) != (CLIENT, SECRET):
            return _json(handler, {"error": "invalid_grant"}, 400)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked.get("code_challenge"):
            return _json(handler, {"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300} | self.claims | self.changed
        token = jwt.encode(claims, _OTHER if self.forged else _KEY, algorithm="RS256", headers={"kid": KEY_ID})
        return _json(handler, {"access_token": "opaque", "token_type": "Bearer", "id_token": token})

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }


def _json(handler: Any, content: dict[str, Any], status: int = 200) -> None:
    body = json.dumps(content).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
