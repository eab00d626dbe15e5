"""An encoder from a hub: asked about first, fetched with resume, checked, refused in words."""

import socket
from collections import namedtuple

import pytest

pytest.importorskip("huggingface_hub", reason="the extra `models` is not installed")

from pipeline.encoders.export import download, hub
from pipeline.encoders.export.hub_files import needed
from pipeline.errors import EncoderError
from tests.pipeline.encoders.export.hub_server import COMMIT, NAME, Hub, git_sha1, serving, sha256

FILES = {
    "config.json": b'{"model_type": "bert"}',
    "README.md": "---\nlicense: mit\n---\nEncodeur médical".encode(),
    "tokenizer.json": b'{"version": "1.0"}' * 100,
    "model.safetensors": bytes(range(256)) * 400,
    "1_Pooling/config.json": b'{"pooling_mode": "cls"}',
    "modules.json": b"[]",
}
OTHERS = {
    "pytorch_model.bin": b"pickle" * 300,
    "tf_model.h5": b"tf",
    "onnx/model.onnx": b"onnx",
    "modeling_x.py": b"1",
    "../out/config.json": b"{}",
    "2_Dense/../../config.json": b"{}",
}


@pytest.fixture(autouse=True)
def quick(monkeypatch, tmp_path):
    """No waits, no token or mirror of the machine's own."""
    monkeypatch.setattr(download, "WAIT", 0.0)
    monkeypatch.setattr(download, "TIMEOUT", 1.0)
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.delenv("HF_ENDPOINT", raising=False)


@pytest.fixture
def served():
    with serving(Hub(FILES | OTHERS)) as found:
        yield found


def test_what_would_be_fetched_is_known_before(served):
    about = hub.about(NAME, mirror=served.address)
    assert (about.revision, about.licence) == (COMMIT, "mit")
    assert about.bytes == sum(len(content) for content in FILES.values())
    sums = {file.name: file.checksum for file in about.files}
    assert sums["model.safetensors"] == sha256(FILES["model.safetensors"])
    assert sums["config.json"] == git_sha1(FILES["config.json"])
    assert {path for _, path, _, _ in served.asked} == {f"/api/models/{NAME}"}


def test_only_an_encoders_files_come_and_each_is_whole(served, tmp_path):
    calls = []
    progress = lambda done, total, label: calls.append((done, total, label))  # noqa: E731
    fetched = hub.fetch(NAME, mirror=served.address, to=tmp_path / "a", progress=progress)
    found = {str(p.relative_to(fetched.folder)): p.read_bytes() for p in fetched.folder.rglob("*") if p.is_file()}
    assert found == FILES
    assert fetched.files == {name: sha256(content) for name, content in FILES.items()}
    total = sum(map(len, FILES.values()))
    assert calls[-1] == (total, total, "download")
    assert [done for done, _, _ in calls] == sorted(done for done, _, _ in calls)


def test_what_is_whole_is_not_fetched_again(served, tmp_path):
    hub.fetch(NAME, mirror=served.address, to=tmp_path)
    (tmp_path / "config.json").write_bytes(b"changed")
    served.asked.clear()
    hub.fetch(NAME, mirror=served.address, to=tmp_path)
    assert [path.rpartition("/")[2] for _, path, _, _ in served.asked] == ["encodeur", "config.json"]


def test_a_download_that_breaks_off_goes_on_where_it_stopped(served, tmp_path):
    served.cut = 50_000
    hub.fetch(NAME, mirror=served.address, to=tmp_path)
    assert (tmp_path / "model.safetensors").read_bytes() == FILES["model.safetensors"]
    ranges = [asked for _, path, asked, _ in served.asked if path.endswith("model.safetensors")]
    assert ranges == [None, "bytes=50000-"]


def test_a_later_run_goes_on_where_an_earlier_one_was_ended(served, tmp_path, monkeypatch):
    served.cut = 50_000
    monkeypatch.setattr(download, "TRIES", 0)
    with pytest.raises(EncoderError, match=r"what is here already is kept"):
        hub.fetch(NAME, mirror=served.address, to=tmp_path)
    monkeypatch.setattr(download, "TRIES", 1)
    assert not (tmp_path / "model.safetensors").exists()
    served.asked.clear()
    hub.fetch(NAME, mirror=served.address, to=tmp_path)
    assert ("GET", f"/{NAME}/resolve/{COMMIT}/model.safetensors", "bytes=50000-", None) in served.asked


def test_a_server_that_always_breaks_off_is_given_up(served, tmp_path):
    served.cut, served.cuts_left = 0, 1000
    with pytest.raises(EncoderError, match=r"the connection broke off .*check the network"):
        hub.fetch(NAME, mirror=served.address, to=tmp_path)
    assert len([1 for _, path, _, _ in served.asked if path.endswith("model.safetensors")]) == download.TRIES


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_a_file_with_another_checksum_is_removed_and_refused(served, tmp_path, name):
    served.wrong = name
    with pytest.raises(EncoderError, match=rf"{name}: .*another checksum than the hub states .*run it again"):
        hub.fetch(NAME, mirror=served.address, to=tmp_path)
    assert not [path for path in tmp_path.iterdir() if name in path.name]


def test_a_mirror_that_lists_no_sizes_is_asked_for_each_file(served, tmp_path):
    served.lists_sizes = False
    about = hub.about(NAME, mirror=served.address)
    assert about.bytes == sum(map(len, FILES.values()))
    assert [kind for kind, _, _, _ in served.asked].count("HEAD") == len(FILES)
    served.wrong = "model.safetensors"
    with pytest.raises(EncoderError, match="another checksum"):
        hub.fetch(NAME, mirror=served.address, to=tmp_path)


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"status": 401}, r"no such model, or one that is private; .*HF_TOKEN"),
        ({"status": 403}, r"refused \(403\); give a token"),
        ({"status": 403, "error_code": "GatedRepo"}, r"gated; accept its terms .*HF_TOKEN"),
        ({"status": 404}, r"404, nothing there"),
        ({"status": 404, "error_code": "RepoNotFound"}, r"no such model"),
        ({"status": 500}, r"status 500, expected 200; .*later"),
        ({"status": 429}, r"status 429, expected 200; .*later"),
        ({"html": True}, r"not a hub's .*expected JSON"),
        ({"hangs": True}, r"no answer in time"),
        ({"files": {"README.md": b""}}, r"no config.json among its 1 files"),
    ],
)
def test_a_hub_that_refuses_is_put_into_words(served, state, message):
    for name, value in state.items():
        setattr(served, name, value)
    with pytest.raises(EncoderError, match=message):
        hub.about(NAME, mirror=served.address)


def test_a_web_page_in_place_of_a_file_is_named(served, tmp_path, monkeypatch):
    about = hub.about(NAME, mirror=served.address)
    monkeypatch.setattr(hub, "about", lambda *_, **__: about)
    served.html = True
    with pytest.raises(EncoderError, match=r"answered with a web page, expected the file; .*proxy"):
        hub.fetch(NAME, mirror=served.address, to=tmp_path)


def test_a_disk_too_small_is_seen_before(served, tmp_path, monkeypatch):
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(download.shutil, "disk_usage", lambda _: usage(10))
    with pytest.raises(EncoderError, match=r"disk is full; free some space"):
        hub.fetch(NAME, mirror=served.address, to=tmp_path)


def test_a_disk_that_fills_up_is_put_into_words(served, tmp_path, monkeypatch):
    def no_space(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(download, "_append", no_space)
    with pytest.raises(EncoderError, match=r"disk is full; free some space"):
        hub.fetch(NAME, mirror=served.address, to=tmp_path)


def test_an_unknown_revision_and_a_malformed_name_are_named(served):
    with pytest.raises(EncoderError, match=r"no such revision, expected a branch, a tag or a commit"):
        hub.about(NAME, mirror=served.address, revision="v9")
    with pytest.raises(EncoderError, match=r"expected a name like organisation/model"):
        hub.about("a/b/c", mirror=served.address)


def test_nobody_at_the_address_is_named():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(EncoderError, match=r"cannot be reached .*check the network, the proxy and the mirror"):
            hub.about(NAME, mirror=address)


def test_a_token_is_taken_from_the_argument_or_the_environment(served, tmp_path, monkeypatch):
    served.token = "hf_secret"
    with pytest.raises(EncoderError, match=r"gated"):
        hub.about(NAME, mirror=served.address)
    hub.fetch(NAME, mirror=served.address, token="hf_secret", to=tmp_path)
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv("HF_ENDPOINT", served.address)
    assert hub.about(NAME).licence == "mit"


def test_a_commit_that_leads_elsewhere_is_refused(served, monkeypatch):
    monkeypatch.setattr(served, "commit", "../../elsewhere")
    with pytest.raises(EncoderError, match=r"the commit '../../elsewhere', expected 40 hexadecimal digits"):
        hub.about(NAME, mirror=served.address)


def test_a_licence_of_the_card_goes_before_a_tag(served):
    served.card = {"license": "cc-by-4.0"}
    assert hub.about(NAME, mirror=served.address).licence == "cc-by-4.0"
    served.card, served.tags = None, []
    assert hub.about(NAME, mirror=served.address).licence is None


def test_pickled_weights_are_taken_where_there_are_no_others():
    assert needed(["a.txt", "pytorch_model.bin", "config.json"]) == ["config.json", "pytorch_model.bin"]
    shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    assert needed([*shards, "model.safetensors.index.json", "pytorch_model.bin"]) == sorted(
        [*shards, "model.safetensors.index.json"]
    )
    assert needed(["2_Dense/pytorch_model.bin", "model.safetensors", "openvino/model.safetensors"]) == [
        "2_Dense/pytorch_model.bin",
        "model.safetensors",
    ]
