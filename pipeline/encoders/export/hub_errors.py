"""What goes wrong between us and a hub, in words."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
from huggingface_hub import errors

from pipeline.errors import EncoderError

TOKEN = "give a token that may read it (--token, or HF_TOKEN in the environment)"


@contextmanager
def in_words(name: str, endpoint: str) -> Iterator[None]:
    """Raise EncoderError for whatever the hub, the network or the disk raises."""
    try:
        yield
    except (errors.HfHubHTTPError, errors.HFValidationError, errors.OfflineModeIsEnabled) as error:
        raise EncoderError(f"{name} at {endpoint}: {_refusal(error)}") from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise EncoderError(
            f"{name} at {endpoint}: {_silence(error)}; check the network, the proxy and the mirror, then run it "
            "again: what is here already is kept"
        ) from error
    except (TypeError, ValueError) as error:  # what huggingface_hub makes of an answer that is no model's
        raise EncoderError(
            f"{name} at {endpoint}: an answer that is not a hub's ({error}), expected JSON; is a proxy in between, "
            "or the mirror's address wrong?"
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise full(name) from error
        raise EncoderError(f"{name}: {error}; check the folder and its permissions, then run it again") from error


def full(name: str) -> EncoderError:
    return EncoderError(f"{name}: the disk is full; free some space and run it again, what is here is kept")


def _refusal(error: Exception) -> str:
    if isinstance(error, errors.OfflineModeIsEnabled):
        return "HF_HUB_OFFLINE is set, expected leave to use the network; unset it, or give a folder"
    if isinstance(error, errors.HFValidationError):
        return f"{error}; expected a name like organisation/model"
    if isinstance(error, errors.GatedRepoError):
        return f"gated; accept its terms on its page, then {TOKEN}"
    if isinstance(error, errors.RevisionNotFoundError):
        return "no such revision, expected a branch, a tag or a commit of it"
    if isinstance(error, errors.RepositoryNotFoundError):
        return f"no such model, or one that is private; check its name, or {TOKEN}"
    return _status(error.response.status_code if isinstance(error, errors.HfHubHTTPError) else 0)


def _status(code: int) -> str:
    if code == 401:
        return f"refused (401): no such model, or one that is private; check its name, or {TOKEN}"
    if code == 403:
        return f"refused (403); {TOKEN}"
    if code == 404:
        return "404, nothing there; check the name, the revision and the mirror's address"
    return f"status {code}, expected 200; the hub may be busy, run it again later: what is here already is kept"


def _silence(error: Exception) -> str:
    if isinstance(error, httpx2.ConnectError):
        return f"cannot be reached ({error})"
    if isinstance(error, httpx2.TimeoutException):
        return "no answer in time"
    return f"the connection broke off ({error or type(error).__name__})"
