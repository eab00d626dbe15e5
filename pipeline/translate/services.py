"""Google, DeepL, Microsoft and LibreTranslate through deep-translator, for users who opt in."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any, Literal
from urllib.parse import urlsplit

from deep_translator import DeeplTranslator, GoogleTranslator, LibreTranslator, MicrosoftTranslator
from deep_translator.exceptions import BaseError, MicrosoftAPIerror, RequestError

from pipeline.errors import ServiceError, TranslationError
from pipeline.translate.transport import Outgoing, Transport, is_loopback

PLACEHOLDER = "in the environment"  # deep-translator wants a key to hold; ours goes straight into the request
TIMEOUT = (5.0, 30.0)  # seconds to connect, and to wait for the next byte


class _Microsoft(MicrosoftTranslator):
    """deep-translator's own downloads the list of languages in its constructor, without a time-out."""

    def _get_supported_languages(self) -> dict[str, str]:
        return {"english": "en", "french": "fr"}


def _as_google_wants(request: Outgoing, key: str) -> None:
    """The page reads its query only."""


def _as_deepl_wants(request: Outgoing, key: str) -> None:
    """Since January 2026 DeepL refuses GET and a key outside the header, which is what deep-translator sends:
    developers.deepl.com, "Deprecating GET requests to /translate", "Deprecation of legacy auth methods"."""
    request.method = "POST"
    request.data = {
        name: value.upper() if name.endswith("_lang") else value for name, value in request.params.items()
    }
    del request.data["auth_key"]
    request.params = {}
    request.headers = {"Authorization": f"DeepL-Auth-Key {key}"}


def _as_microsoft_wants(request: Outgoing, key: str) -> None:
    request.headers = {"Ocp-Apim-Subscription-Key": key}
    if region := os.environ.get("LEXALIGN_MICROSOFT_REGION"):
        request.headers["Ocp-Apim-Subscription-Region"] = region


def _as_libre_wants(request: Outgoing, key: str) -> None:
    """A form instead of a query: queries end in the logs of every server on the way."""
    request.data = {name: value for name, value in request.params.items() if name != "api_key"}
    request.params = {}
    if key:
        request.data["api_key"] = key


@dataclass(frozen=True)
class Service:
    """`limit` in characters a text; `path` completes a url that has none; `options` go to deep-translator."""

    speaker: Any  # a class of deep-translator
    url: str
    path: str
    dress: Callable[[Outgoing, str], None]
    key: str | None
    limit: int
    expects: Literal["json", "html"] = "json"
    own_host_needs_key: bool = True
    options: dict[str, Any] = field(default_factory=dict)


SERVICES = {
    "google": Service(
        GoogleTranslator, "https://translate.google.com", "/m", _as_google_wants, None, 4_999, expects="html"
    ),
    "deepl": Service(
        DeeplTranslator,
        "https://api.deepl.com",
        "/v2/",
        _as_deepl_wants,
        "LEXALIGN_DEEPL_KEY",
        30_000,  # 128 KiB a request, four bytes a character at worst
        options={"api_key": PLACEHOLDER},
    ),
    "microsoft": Service(
        _Microsoft,
        "https://api.cognitive.microsofttranslator.com",
        "/translate?api-version=3.0",
        _as_microsoft_wants,
        "LEXALIGN_MICROSOFT_KEY",
        50_000,
        options={"api_key": PLACEHOLDER},
    ),
    "libretranslate": Service(
        LibreTranslator,
        "https://libretranslate.com",
        "/",
        _as_libre_wants,
        "LEXALIGN_LIBRETRANSLATE_KEY",
        100_000,
        own_host_needs_key=False,
        options={"api_key": PLACEHOLDER},
    ),
}


class ServiceTranslator:
    """A contracts.Translator. One request a text: `batch` tells translate_missing to save after each."""

    batch = 1

    def __init__(
        self,
        name: str,
        *,
        source: str = "fr",
        target: str = "en",
        url: str | None = None,
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        service = SERVICES[name]
        self.name, self.source, self.target = name, source, target
        self._service, self._url = service, _address(name, service, url)
        host = urlsplit(self._url).hostname or ""
        self.sends = None if is_loopback(host) else host
        self._limit = service.limit
        transport = Transport(
            name,
            dress=service.dress,
            key=lambda: os.environ.get(service.key or "", ""),
            key_name=service.key or "",
            expects=service.expects,
            timeout=timeout,
        )
        self._speaker = _speaking_through(service.speaker, transport)
        self._new_speaker()

    def translate(self, texts: Sequence[str]) -> list[str]:
        """As many translations as texts, in their order; none is empty. Raises ServiceError."""
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> str:
        if not text.strip() or len(text) > self._limit:
            raise ServiceError(
                f"{self.name}: a text of {len(text)} characters, expected 1 to {self._limit}; "
                f"split or leave out “{text[:40]}”"
            )
        where = f"{self.name} at {urlsplit(self._url).hostname}"
        try:
            translation = self._new_speaker().translate(text)
        except (BaseError, MicrosoftAPIerror, RequestError) as error:
            raise ServiceError(
                f"{where}: {type(error).__name__} for “{text[:40]}”, expected a translation"
            ) from error
        except (KeyError, IndexError, TypeError, AttributeError) as error:  # JSON of another shape
            raise ServiceError(
                f"{where}: JSON without a translation ({type(error).__name__} {error}); is the URL another's?"
            ) from error
        if not isinstance(translation, str) or not translation.strip():
            raise ServiceError(f"{where}: nothing for “{text[:40]}”, expected a translation; translate it by hand")
        return translation

    def _new_speaker(self) -> Any:
        """One a text: deep-translator keeps the text in the instance, so threads would mix theirs up."""
        try:
            speaker = self._speaker(source=self.source, target=self.target, **self._service.options)
        except BaseError as error:
            raise TranslationError(
                f"{self.name}: cannot translate from {self.source!r} to {self.target!r}; expected ISO 639-1 codes "
                f"that it knows ({type(error).__name__})"
            ) from error
        speaker._base_url = self._url
        return speaker


def _address(name: str, service: Service, url: str | None) -> str:
    """The service's own address, or the user's, completed. Raises TranslationError, also where a key is absent."""
    key = os.environ.get(service.key, "") if service.key else "none needed"
    if not key and (url is None or service.own_host_needs_key):
        remedy = "" if service.own_host_needs_key else ", or give the url of your own server"
        raise TranslationError(f"{name}: no key; put yours into the environment variable {service.key}{remedy}")
    if url is None:
        free = name == "deepl" and key.endswith(
            ":fx"
        )  # the suffix of DeepL's free keys, which have their own host
        return ("https://api-free.deepl.com" if free else service.url) + service.path
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise TranslationError(
            f"{name}: url is {url!r}, expected http://host or https://host, with a port if need be"
        )
    if parts.path in ("", "/"):
        return url.rstrip("/") + service.path
    return url if parts.query or not service.path.endswith("/") else url.rstrip("/") + "/"


def _speaking_through(speaker: Any, transport: Transport) -> type:
    """A subclass whose `translate` sees `transport` under the name `requests`; deep-translator stays as it is."""
    method: FunctionType = speaker.translate
    names = vars(sys.modules[method.__module__]) | {"requests": transport}
    rebound = FunctionType(method.__code__, names, method.__name__, method.__defaults__, method.__closure__)
    rebound.__kwdefaults__ = method.__kwdefaults__
    return type(speaker.__name__, (speaker,), {"translate": rebound})
