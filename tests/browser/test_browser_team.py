"""A team signs in: through a real OpenID provider, by password, not at all; and what a hand-made request gets."""

import importlib.util
import json
import re
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from app.services import accounts, people, vault
from app.services.membership import COOKIE
from app.services.vault import Provider
from curation_db.people import appointing
from curation_db.store import open_store
from pipeline.workspace import Workspace
from tests.app import fixture_workspace
from tests.browser.conftest import free_port, wait

pytestmark = pytest.mark.browser
AT = datetime.now(UTC)
METADATA = "/.well-known/openid-configuration"
WORDS = "crise d'épilepsie"


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    """An OpenID provider that knows Bruno, and Oscar from elsewhere."""
    if importlib.util.find_spec("oidc_provider_mock") is None:
        pytest.skip("oidc-provider-mock is not installed")
    port, log = free_port(), tmp_path_factory.mktemp("provider") / "log"
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    for sub, email in (("bruno", "Bruno@labo.fr"), ("oscar", "oscar@ailleurs.fr")):
        command += ["--user-claims", json.dumps({"sub": sub, "email": email, "email_verified": True})]
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        wait(f"http://127.0.0.1:{port}{METADATA}", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=15)


@pytest.fixture(scope="module")
def project(tmp_path_factory, provider, port) -> Workspace:
    """Amélie administers it by password, Zoé annotates by password, Bruno annotates and comes by the provider."""
    workspace = fixture_workspace.make(tmp_path_factory.mktemp("team") / "essai")
    with open_store(workspace.curation) as store:
        for name, role in (("Amélie", "administrator"), ("Zoé", "annotator"), ("Bruno", "annotator")):
            appointing.appoint(store, name, role, at=AT)
    for name in ("Amélie", "Zoé"):
        accounts.give_password(workspace, name, WORDS)
    people.let_in(workspace, "bruno@labo.fr", "Bruno")
    here = f"http://127.0.0.1:{port}"
    people.use_provider(workspace, Provider(provider + METADATA, "lexalign", here, "s3cret"))
    return workspace


def opened(chromium, address):
    page = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR").new_page()
    page.set_default_timeout(20_000)
    page.goto(address)
    page.get_by_role("tab", name="Première connexion").wait_for()
    return page


def through_the_provider(chromium, address, who):
    page = opened(chromium, address)
    page.get_by_role("button", name="Se connecter avec le compte").click()
    page.get_by_role("button", name=who, exact=True).click()
    return page


def by_password(chromium, address, name):
    page = opened(chromium, address)
    page.locator(".st-key-signin_name input").fill(name)
    page.locator(".st-key-signin_password input").fill(WORDS)
    page.get_by_role("button", name="Entrer", exact=True).click()
    page.locator(".concept code").wait_for()
    return page


@pytest.fixture(scope="module")
def amelie(chromium, address):
    return by_password(chromium, address, "Amélie")


@pytest.fixture(scope="module")
def zoe(chromium, address):
    return by_password(chromium, address, "Zoé")


def test_who_is_on_the_list_comes_in_through_the_provider_and_stays(chromium, address):
    page = through_the_provider(chromium, address, "bruno")
    page.locator(".concept code").wait_for()
    page.reload()
    page.locator(".concept code").wait_for()
    assert page.locator(".st-key-account").inner_text().split()[:2] == ["Bruno", "annotateur"]


def test_an_outsider_is_turned_away_in_words_and_may_leave(chromium, address):
    page = through_the_provider(chromium, address, "oscar")
    page.get_by_role("heading", name="Accès non ouvert").wait_for()
    assert "oscar@ailleurs.fr" in page.get_by_text("ne connaît pas cette adresse").inner_text()
    assert page.locator(".concept").count() == 0
    assert page.get_by_role("link", name="Révision").count() == 0


def test_a_password_opens_a_reload_keeps_and_the_address_does_not_decide(amelie, zoe, address):
    zoe.goto(f"{address}/?person=Amélie")
    zoe.locator(".concept code").wait_for()
    assert zoe.locator(".st-key-account").inner_text().split()[:2] == ["Zoé", "annotateur"]
    assert "person=" not in zoe.url
    [cookie] = [one for one in zoe.context.cookies() if one["name"] == COOKIE]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")


def test_a_page_that_the_role_does_not_open_says_so(zoe, address):
    zoe.goto(f"{address}/people")
    zoe.get_by_text("Votre rôle n’ouvre pas cette page").wait_for()
    assert zoe.get_by_role("link", name="Équipe").count() == 0


def by_hand(address, page, cookies=(), **widgets):
    """What a client gets that speaks to the server as a browser does, but asks for the page and says of the widgets
    (id -> value) what it likes: all messages of the run, as one text."""
    message = BackMsg()
    message.rerun_script.page_name = page
    for name, value in widgets.items():
        message.rerun_script.widget_states.widgets.add(id=name, string_value=value)
    header = {"Cookie": "; ".join(f"{one['name']}={one['value']}" for one in cookies)} if cookies else {}
    stream = address.replace("http", "ws") + "/_stcore/stream"
    options = {"subprotocols": ["streamlit"], "origin": address, "max_size": None, "proxy": None}
    told, answer = "", ForwardMsg()
    with connect(stream, additional_headers=header, **options) as socket:
        socket.send(message.SerializeToString())
        while answer.WhichOneof("type") != "script_finished":
            answer.ParseFromString(socket.recv(timeout=20))
            told += str(answer)
    return told


def test_a_hand_made_request_without_a_cookie_sees_the_sign_in_page_only(address, project):
    told = by_hand(address, "review") + by_hand(address, "people")
    assert "signin_name" in told
    for hidden in ("Bruno", "Zo\\303\\251", "crise cardiaque", "C0149931"):
        assert hidden not in told


def test_a_hand_made_press_on_another_roles_widget_changes_nothing(address, project, amelie, zoe):
    seen = by_hand(address, "people", amelie.context.cookies())
    [widget] = set(re.findall(r'id: "([^"]*role_Bruno_annotator)"', seen))
    sent = {widget: "administrateur"}
    told = by_hand(address, "people", zoe.context.cookies(), **sent) + by_hand(address, "people", **sent)
    assert "role_Bruno" not in told
    amelie.goto(f"{address}/people")
    field = amelie.locator('[class*="st-key-role_Bruno"] input')
    field.wait_for()
    assert field.input_value() == "annotateur"


def test_an_access_that_ends_is_over_at_the_next_click(amelie, zoe, address, project):
    zoe.goto(address)
    zoe.locator(".concept code").wait_for()
    amelie.goto(f"{address}/people")
    amelie.locator('[class*="st-key-role_Zo"] input').click()
    amelie.get_by_role("option", name="accès terminé").click()
    amelie.locator('[class*="st-key-member_Zo"]').get_by_text("aucun accès").wait_for()
    time.sleep(0.8)
    zoe.keyboard.press("5")
    zoe.get_by_text("Votre connexion est terminée").first.wait_for()
    assert "Zoé" not in vault.read(project).accounts


def test_signing_out_ends_the_visit_for_every_copy_of_its_cookie(amelie, address):
    cookies = amelie.context.cookies()
    amelie.locator(".st-key-account button").first.click()
    amelie.get_by_role("button", name="Se déconnecter").click()
    amelie.get_by_role("tab", name="Première connexion").wait_for()
    assert "signin_name" in by_hand(address, "people", cookies)
