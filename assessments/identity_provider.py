"""An identity provider of the organisation, by OpenID Connect: read (the settings), begin, finish. From `oidc.yaml` in the home folder.

issuer: https://login.example.kr     # as its tokens name it; its settings are found below /.well-known/
client_id: haetae
client_secret_file: oidc.secret      # in the home folder, for the owner only; left out: HAETAE_OIDC_SECRET, or none (PKCE alone)
label: {ko: …, en: company account}
scopes: [openid, email]
by_email: false                      # true: whoever has the verified e-mail that an administrator entered is connected at once
second_factor: [mfa]                 # values of amr or acr in its tokens that say that a second factor was shown there

Authorization code with PKCE, state and nonce; the identity is issuer and subject, never a name or an e-mail.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from assessments.errors import AssessmentError
from assessments.model import Text
from questionnaires.shape import refused
from questionnaires.strict_yaml import parse
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
FILE = "oidc.yaml"
SECRET = "HAETAE_OIDC_SECRET"  # noqa: S105 - the name of a variable
_PATIENCE_SECONDS = 10
_END_OF_TIME = 2**32
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""With which a provider may sign; none that shares a key, and not none."""


@dataclass(frozen=True)
class Provider:
    """Whom this installation believes."""

    issuer: str
    client_id: str
    secret: str
    """Empty: a client without one."""
    label: Text
    scopes: tuple[str, ...] = ("openid", "email")
    is_by_email: bool = False
    """Whether a verified e-mail that an administrator entered is enough to connect an account."""
    second_factor: tuple[str, ...] = ("mfa",)
    """Values of `amr` or `acr` that say that a second factor was shown there; `mfa` is that of RFC 8176."""

    def __repr__(self) -> str:
        return f"Provider({self.issuer})"


@dataclass(frozen=True)
class Identity:
    """Somebody as the provider names them."""

    issuer: str
    subject: str
    email: str
    """Empty: none, or not verified."""
    shown_at: datetime | None = None
    """When they showed the provider who they are. None: it does not say."""
    with_second: bool = False
    """Whether it says that they showed a second factor."""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    issuer: str
    client_id: Annotated[str, Field(min_length=1)]
    client_secret_file: str = ""
    label: Text = Field(default_factory=lambda: TEXTS.text("provider_label"), strict=False)
    scopes: list[str] = ["openid", "email"]
    by_email: bool = False
    second_factor: list[Annotated[str, Field(min_length=1)]] = ["mfa"]

    @field_validator("issuer")
    @classmethod
    def _is_encrypted(cls, issuer: str) -> str:
        parts = urlsplit(issuer)
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_here(parts.hostname or "")):
            raise PydanticCustomError("issuer", "an issuer begins with https://")
        if not parts.hostname or parts.query or parts.fragment:
            raise PydanticCustomError("issuer", "this is no issuer")
        return issuer

    @field_validator("scopes")
    @classmethod
    def _are_of_openid(cls, scopes: list[str]) -> list[str]:
        if "openid" not in scopes:
            raise PydanticCustomError("scopes", "openid is missing")
        return scopes


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def read(folder: Path) -> Provider | None:
    """None: there is no such file. Raises: InvalidFileError; AssessmentError where the secret cannot be read."""
    file = folder / FILE
    if not file.is_file():
        return None
    return _read(folder, file.stat().st_mtime_ns, os.environ.get(SECRET, ""))


@lru_cache(4)
def _read(folder: Path, changed_at: int, stated_secret: str) -> Provider:
    """changed_at: of the file; another one is read anew."""
    parsed = parse((folder / FILE).read_bytes(), FILE)
    try:
        settings = _File.model_validate(parsed.data if parsed.data is not None else {})
    except ValidationError as error:
        raise refused(parsed, error, TEXTS.text("provider_file")) from None
    secret = stated_secret or _secret(folder, settings.client_secret_file)
    return Provider(
        settings.issuer,
        settings.client_id,
        secret,
        settings.label,
        tuple(settings.scopes),
        settings.by_email,
        tuple(settings.second_factor),
    )


def _secret(folder: Path, name: str) -> str:
    if not name:
        return ""
    file = folder / name
    try:
        if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise AssessmentError(TEXTS.told("provider_secret_open", file=name))
        return file.read_text("utf-8").strip()
    except (OSError, ValueError):
        raise AssessmentError(TEXTS.told("provider_secret_missing", file=name)) from None


@dataclass(frozen=True)
class Begun:
    """What is remembered until the browser comes back from the provider."""

    url: str
    """Where the browser is sent."""
    state: str
    nonce: str
    verifier: str
    """Of PKCE."""


def begin(provider: Provider, come_back_to: str, is_asked_anew: bool = False) -> Begun:
    """is_asked_anew: there, too, the person shows who they are, though they may be signed in.

    Raises: AssessmentError where the provider cannot be reached or is not the one that is named.
    """
    client = _client(provider)
    with _troubles_told():
        more = {"prompt": "login", "max_age": 0} if is_asked_anew else {}
        made = client.create_authorization_url(come_back_to, **more)
    return Begun(made["url"], made["state"], made["nonce"], made["code_verifier"])


def finish(provider: Provider, come_back_to: str, code: str, nonce: str, verifier: str) -> Identity:
    """Who it is, by a token that the provider has signed for us, for this very sign-in, and just now.

    Raises: AssessmentError where the provider cannot be reached, or says nothing that can be relied on.
    """
    client = _client(provider)
    with _troubles_told():
        token = client.fetch_access_token(redirect_uri=come_back_to, code=code, code_verifier=verifier)
        rules = {
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": provider.client_id},
        }
        claims = client.parse_id_token(token, nonce=nonce, claims_options=rules)
    if not claims or not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise AssessmentError(TEXTS.told("provider_unsound"))
    email = claims.get("email") if claims.get("email_verified") is True else ""
    shown_at = claims.get("auth_time")
    return Identity(
        provider.issuer,
        claims["sub"],
        email if isinstance(email, str) else "",
        datetime.fromtimestamp(shown_at, UTC) if isinstance(shown_at, int) and 0 < shown_at < _END_OF_TIME else None,
        _is_with_second(provider, claims),
    )


def _is_with_second(provider: Provider, claims: Any) -> bool:
    """What is not written as the standard has it says nothing."""
    methods, level = claims.get("amr"), claims.get("acr")
    stated = [*(methods if isinstance(methods, list) else ()), level]
    return any(isinstance(value, str) and value in provider.second_factor for value in stated)


@lru_cache(4)
def _client(provider: Provider) -> Any:
    """Remembers the provider's settings and keys."""
    from authlib.integrations.base_client import BaseApp, FrameworkIntegration, OAuth2Mixin, OpenIDMixin
    from authlib.integrations.requests_client import OAuth2Session

    class Client(OAuth2Mixin, OpenIDMixin, BaseApp):  # type: ignore[misc]
        client_cls = OAuth2Session

        def load_server_metadata(self) -> Any:
            metadata = super().load_server_metadata()
            if metadata.get("issuer") != provider.issuer:
                raise AssessmentError(TEXTS.told("provider_other", issuer=provider.issuer))
            offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
            metadata["id_token_signing_alg_values_supported"] = [name for name in offered if name in _ALGORITHMS]
            return metadata

    return Client(
        FrameworkIntegration("provider"),
        "provider",
        client_id=provider.client_id,
        client_secret=provider.secret or None,
        server_metadata_url=provider.issuer.rstrip("/") + "/.well-known/openid-configuration",
        client_kwargs={
            "scope": " ".join(provider.scopes),
            "code_challenge_method": "S256",
            "default_timeout": _PATIENCE_SECONDS,
            **({} if provider.secret else {"token_endpoint_auth_method": "none"}),
        },
    )


class _troubles_told:  # noqa: N801 - reads as a sentence
    """What goes wrong with a provider, told without what it said, which a stranger may have written."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        from authlib.common.errors import AuthlibBaseError
        from joserfc.errors import JoseError
        from requests import RequestException

        if isinstance(error, RequestException):
            raise AssessmentError(TEXTS.told("provider_away")) from error
        if isinstance(error, AuthlibBaseError | JoseError | KeyError | ValueError | TypeError | RuntimeError):
            raise AssessmentError(TEXTS.told("provider_unsound")) from error
