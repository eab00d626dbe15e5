import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest

from pipeline.errors import ServiceError, TranslationError
from pipeline.translate import catalogue
from pipeline.translate.refusals import Unusable, seconds_of
from pipeline.translate.services import SERVICES, ServiceTranslator
from pipeline.translate.transport import is_loopback
from tests.pipeline.translate.speaking import Server, late, status

ALL = sorted(SERVICES)
JSON = [name for name in ALL if SERVICES[name].expects == "json"]


@pytest.fixture(autouse=True)
def _with_keys(keys: str) -> None:
    """Every test here has keys; those about absent ones take them away."""


def failure(name: str, server: Server, text: str = "fièvre", **options) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        ServiceTranslator(name, url=server.url, **options).translate([text])
    return caught.value


@pytest.mark.parametrize("name", ALL)
def test_texts_come_back_translated_in_their_order(name, server):
    translator = catalogue.make(name, url=server.url)
    assert translator.translate(["mal de tête", "fièvre"]) == ["MAL DE TÊTE", "FIÈVRE"]
    assert (translator.name, translator.source, translator.target) == (name, "fr", "en")


def test_google_is_asked_by_its_page(server):
    ServiceTranslator("google", url=server.url).translate(["fièvre"])
    [request] = server.received
    assert (request.method, request.path, request.query) == ("GET", "/m", {"tl": "en", "sl": "fr", "q": "fièvre"})


def test_deepl_is_asked_as_it_wants_since_2026_post_and_the_key_in_a_header(server, keys):
    ServiceTranslator("deepl", url=server.url).translate(["fièvre"])
    [request] = server.received
    assert (request.method, request.path, request.query) == ("POST", "/v2/translate", {})
    assert request.form == {"source_lang": "FR", "target_lang": "EN", "text": "fièvre"}
    assert request.headers["Authorization"] == f"DeepL-Auth-Key {keys}"


def test_microsoft_is_asked_with_key_and_region_and_no_list_of_languages(server, keys, monkeypatch):
    monkeypatch.setenv("LEXALIGN_MICROSOFT_REGION", "westeurope")
    ServiceTranslator("microsoft", url=server.url).translate(["fièvre"])
    [request] = server.received
    assert (request.path, request.query) == ("/translate", {"api-version": "3.0", "from": "fr", "to": "en"})
    assert request.headers["Ocp-Apim-Subscription-Key"] == keys
    assert request.headers["Ocp-Apim-Subscription-Region"] == "westeurope"


def test_libretranslate_on_ones_own_host_needs_no_key_and_sends_a_form(server, monkeypatch):
    monkeypatch.delenv("LEXALIGN_LIBRETRANSLATE_KEY")
    ServiceTranslator("libretranslate", url=server.url).translate(["fièvre"])
    [request] = server.received
    assert (request.method, request.path, request.query) == ("POST", "/translate", {})
    assert request.form == {"q": "fièvre", "source": "fr", "target": "en", "format": "text"}


@pytest.mark.parametrize("name", ["deepl", "microsoft", "libretranslate"])
def test_an_absent_key_is_named(name, monkeypatch):
    variable = SERVICES[name].key
    monkeypatch.delenv(variable)
    with pytest.raises(TranslationError, match=variable):
        ServiceTranslator(name)


@pytest.mark.parametrize("name", [name for name in ALL if SERVICES[name].key])
@pytest.mark.parametrize("code", [401, 403, 400, 429, 500, 302])
def test_no_message_and_no_object_holds_the_key(name, code, server, keys):
    server.replies = [status(code, f'{{"error": "bad key {keys}"}}')]
    error = failure(name, server)
    told = f"{error!s} {error!r} {error.__cause__!r}"
    assert keys not in told
    assert keys not in repr(vars(ServiceTranslator(name, url=server.url)))


def test_free_keys_of_deepl_go_to_their_own_host(monkeypatch):
    assert ServiceTranslator("deepl").sends == "api.deepl.com"
    monkeypatch.setenv("LEXALIGN_DEEPL_KEY", "k:fx")
    assert ServiceTranslator("deepl").sends == "api-free.deepl.com"


def test_only_a_host_that_is_another_machine_is_said_to_receive_texts(server):
    assert ServiceTranslator("google", url=server.url).sends is None
    assert (
        ServiceTranslator("libretranslate", url="http://mt.hospital.example:5000").sends == "mt.hospital.example"
    )
    assert [is_loopback(host) for host in ("localhost", "::1", "127.1.2.3", "10.0.0.1", "localhost.example")] == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("name", ALL)
def test_too_many_requests_pass_and_say_how_long_to_wait(name, server):
    server.replies = [status(429, Retry_After="7")]
    error = failure(name, server)
    assert (error.passing, error.retry_after) == (True, 7.0)
    assert "429" in str(error)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("code", [408, 500, 502, 503])
def test_a_service_in_trouble_passes(name, code, server):
    server.replies = [status(code, "<html><title>Bad gateway</title></html>")]
    assert failure(name, server).passing


@pytest.mark.parametrize(
    ("code", "word"), [(401, "key"), (403, "key"), (456, "quota"), (404, "url"), (302, "redirect")]
)
def test_what_no_text_can_pass_ends_the_run(code, word, server):
    server.replies = [status(code, Location="https://elsewhere.example/sign-in")]
    error = failure("deepl", server)
    assert isinstance(error, Unusable)
    assert not error.passing
    assert word in str(error)


def test_a_redirect_is_not_followed_for_texts_go_to_one_host(server):
    server.replies = [status(307, Location=server.url + "/other")]
    failure("libretranslate", server)
    assert len(server.received) == 1


@pytest.mark.parametrize("name", ALL)
def test_a_service_that_does_not_answer_passes(name, server):
    server.replies = [late(0.5)]
    error = failure(name, server, timeout=(1.0, 0.1))
    assert error.passing
    assert "no answer within 0.1 s" in str(error)


def test_a_refused_connection_passes():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ServiceError, match="refuses connections") as caught:
        ServiceTranslator("google", url=f"http://127.0.0.1:{port}").translate(["fièvre"])
    assert caught.value.passing


def test_an_unknown_host_passes_for_the_network_may_be_down(monkeypatch):
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ServiceError, match="no such host") as caught:
        ServiceTranslator("google", url="http://nowhere.example").translate(["fièvre"])
    assert caught.value.passing


@pytest.mark.parametrize("name", JSON)
def test_a_page_where_json_was_due_is_shown_by_its_title(name, server):
    server.replies = [status(200, "<html><title>Hospital  sign-in</title></html>")]
    error = failure(name, server)
    assert "an HTML page titled “Hospital sign-in”" in str(error)
    assert not error.passing


def test_a_page_of_google_without_a_translation_is_an_error(server):
    server.replies = [status(200, "<html><title>Before you continue</title></html>")]
    assert "TranslationNotFound" in str(failure("google", server))


@pytest.mark.parametrize("name", JSON)
def test_json_of_another_shape_is_an_error(name, server):
    server.replies = [status(200, '{"answer": 42}')]
    assert not failure(name, server).passing


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("nothing", ["", "  "])
def test_an_empty_translation_is_an_error_not_silence(name, nothing, server):
    server.speak = lambda _: nothing
    assert "nothing for “fièvre”" in str(failure(name, server))


@pytest.mark.parametrize("name", ALL)
def test_an_empty_body_passes(name, server):
    server.replies = [status(200, "")]
    assert failure(name, server).passing


@pytest.mark.parametrize("name", ALL)
def test_a_cut_answer_passes_and_is_no_translation(name, server):
    whole = '{"translations": [{"text": "fev' if name in JSON else '<html><div class="result-container">fev'
    server.replies = [status(200, whole), status(200, whole, Content_Length="500", Connection="close")]
    translator = ServiceTranslator(name, url=server.url, timeout=(1.0, 0.2))
    for _ in range(2):
        with pytest.raises(ServiceError, match=r"cut short|no answer") as caught:
            translator.translate(["fièvre"])
        assert caught.value.passing


@pytest.mark.parametrize("text", ["", "  ", "a" * 5000])
def test_a_text_out_of_limits_is_not_sent(text, server):
    assert "expected 1 to 4999" in str(failure("google", server, text))
    assert server.received == []


@pytest.mark.parametrize("url", ["mt.example", "ftp://mt.example", "http://"])
def test_a_url_that_is_none_is_refused(url):
    with pytest.raises(TranslationError, match="expected http"):
        ServiceTranslator("libretranslate", url=url)


def test_a_language_that_a_service_lacks_is_refused_before_anything_is_sent():
    with pytest.raises(TranslationError, match="'xx'"):
        ServiceTranslator("deepl", source="xx")


def test_threads_do_not_mix_their_texts_up(server):
    translator, results = ServiceTranslator("google", url=server.url), {}

    def work(name: str) -> None:
        results[name] = translator.translate([f"{name} {number}" for number in range(20)])

    threads = [threading.Thread(target=work, args=(f"texte{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {name: [f"{name} {n}".upper() for n in range(20)] for name in results}


def test_deep_translator_itself_stays_as_it_was(server):
    import deep_translator.google
    import requests

    ServiceTranslator("google", url=server.url).translate(["fièvre"])
    assert deep_translator.google.requests is requests


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("Fri, 01 May 2026 10:00:30 GMT", 30.0),
        ("Fri, 01 May 2026 09:00:00 GMT", 0.0),
        ("soon", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header, seconds):
    assert seconds_of(header, datetime(2026, 5, 1, 10, tzinfo=UTC)) == seconds


def test_the_catalogue_knows_its_names():
    assert catalogue.names() == ("none", "local", "google", "deepl", "microsoft", "libretranslate")
    assert set(catalogue.SERVICES) == set(SERVICES)
    assert catalogue.make("none") is None
    with pytest.raises(TranslationError, match="expected one of none, local, google"):
        catalogue.make("babelfish")
    with pytest.raises(TranslationError, match="give the folder"):
        catalogue.make("local")


def test_who_stays_offline_never_imports_a_service():
    code = "import sys, pipeline.translate as t; t.make('none'); sys.exit('deep_translator' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
