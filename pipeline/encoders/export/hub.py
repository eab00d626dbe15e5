"""An encoder's files from a hub or its mirror; nothing is sent before one of the two functions is called."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platformdirs import user_cache_path

from pipeline.encoders.export.extra import models_extra
from pipeline.encoders.export.hub_files import needed
from pipeline.errors import EncoderError
from pipeline.progress import Progress, silent

if TYPE_CHECKING:
    from pipeline.encoders.export.download import Listed

DEFAULT = "https://huggingface.co"
CHECKSUM = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")  # git's SHA-1 or LFS's SHA-256


@dataclass(frozen=True, kw_only=True)
class About:
    """What would be fetched: the commit, the licence that the repository states, the files that an encoder needs."""

    name: str
    revision: str
    licence: str | None
    files: "tuple[Listed, ...]"

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """`files` is name -> SHA-256 of what lies in `folder`."""

    folder: Path
    revision: str
    licence: str | None
    files: Mapping[str, str] = field(hash=False)


def about(name: str, *, revision: str | None = None, mirror: str | None = None, token: str | None = None) -> About:
    """Licence, commit, sizes and checksums, before anything is fetched.

    `mirror` is a hub's address (else HF_ENDPOINT, else the public hub), `token` a hub's token (else HF_TOKEN, else
    none). Raises EncoderError where the hub does not answer, refuses, or has no such model.
    """
    with models_extra():
        from huggingface_hub import HfApi

        from pipeline.encoders.export.download import TIMEOUT
        from pipeline.encoders.export.hub_errors import in_words
    endpoint, token = endpoint_of(mirror), _token(token)
    with in_words(name, endpoint):
        api = HfApi(endpoint=endpoint, token=token or False, library_name="lexalign")
        info = api.model_info(name, revision=revision, timeout=TIMEOUT, files_metadata=True)
        commit = _commit(info)
        siblings = {sibling.rfilename: sibling for sibling in info.siblings or ()}
        files = tuple(_listed(siblings[file], name, commit, endpoint, token) for file in needed(siblings))
    if "config.json" not in siblings and "modules.json" not in siblings:
        raise EncoderError(
            f"{name} at {endpoint}: no config.json among its {len(siblings)} files, expected a transformers or "
            "sentence-transformers model"
        )
    return About(name=name, revision=commit, licence=_licence(info), files=files)


def fetch(
    name: str,
    *,
    revision: str | None = None,
    mirror: str | None = None,
    token: str | None = None,
    to: Path | None = None,
    progress: Progress = silent,
) -> Fetched:
    """The files that `about` lists, into `to` (else the user's cache), each checked against the hub's checksum.

    What a run before left, whole or half a file, is taken up again. Raises EncoderError as `about`, and where a
    file is not what the hub states or the disk is full.
    """
    found = about(name, revision=revision, mirror=mirror, token=token)
    from huggingface_hub import hf_hub_url
    from huggingface_hub.utils import build_hf_headers

    from pipeline.encoders.export.download import download
    from pipeline.encoders.export.hub_errors import in_words

    endpoint = endpoint_of(mirror)
    folder = to or user_cache_path("lexalign") / "hub" / name.replace("/", "--") / found.revision
    headers = build_hf_headers(token=_token(token) or False, library_name="lexalign")
    sums, before = {}, 0
    with in_words(name, endpoint):
        for file in found.files:
            url = hf_hub_url(name, file.name, revision=found.revision, endpoint=endpoint)
            report = _from(before, found.bytes, progress)
            sums[file.name] = download(file, url, folder / file.name, headers, report)
            before += file.bytes
            progress(before, found.bytes, "download")
    return Fetched(folder=folder, revision=found.revision, licence=found.licence, files=sums)


def _from(before: int, total: int, progress: Progress):
    return lambda done: progress(before + done, total, "download")


def endpoint_of(mirror: str | None = None) -> str:
    """The hub's address: the mirror's, else HF_ENDPOINT, else the public hub."""
    return (mirror or os.environ.get("HF_ENDPOINT") or DEFAULT).rstrip("/")


def _token(token: str | None) -> str | None:
    return token or os.environ.get("HF_TOKEN") or None


def _listed(sibling: Any, name: str, commit: str, endpoint: str, token: str | None) -> "Listed":
    """Size and checksum from the listing; where a mirror leaves them out, from the file's own headers."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_url

    from pipeline.encoders.export.download import TIMEOUT, Listed

    checksum = sibling.lfs.sha256 if sibling.lfs else sibling.blob_id
    if sibling.size is not None and checksum:
        return Listed(sibling.rfilename, sibling.size, checksum)
    url = hf_hub_url(name, sibling.rfilename, revision=commit, endpoint=endpoint)
    found = get_hf_file_metadata(url, token=token or False, timeout=TIMEOUT, endpoint=endpoint)
    if found.size is None or found.etag is None or not CHECKSUM.fullmatch(found.etag):
        raise EncoderError(
            f"{sibling.rfilename} at {endpoint}: no size or checksum in the answer, expected both; "
            "take another mirror"
        )
    return Listed(sibling.rfilename, found.size, found.etag)


def _commit(info: Any) -> str:
    """It names a folder, so it is looked at first."""
    if not CHECKSUM.fullmatch(info.sha or ""):
        raise EncoderError(
            f"{info.id}: the commit {info.sha!r}, expected 40 hexadecimal digits; take another mirror"
        )
    return info.sha


def _licence(info: Any) -> str | None:
    """From the README's front matter as the hub read it, else from the tags."""
    stated = (info.card_data or {}).get("license")
    tagged = (tag.removeprefix("license:") for tag in info.tags or () if tag.startswith("license:"))
    return (", ".join(stated) if isinstance(stated, list) else stated) or next(tagged, None)
