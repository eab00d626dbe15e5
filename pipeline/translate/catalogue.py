"""The translators by name: four services, which send texts away, and "local", which does not."""

from pathlib import Path

from pipeline.contracts import Translator
from pipeline.errors import TranslationError

NONE = "none"  # every encoder reads French: no translation
SERVICES = ("google", "deepl", "microsoft", "libretranslate")
LOCAL = "local"


def names() -> tuple[str, ...]:
    """What `make` and Settings.translator take."""
    return (NONE, LOCAL, *SERVICES)


def make(
    name: str, *, source: str = "fr", target: str = "en", url: str | None = None, folder: Path | None = None
) -> Translator | None:
    """The translator of that name, None for "none". Opens no connection.

    `url` points a service at another address (LibreTranslate on one's own host); `folder` holds the model of
    "local". Raises TranslationError for an unknown name, a missing key or folder, or a language it lacks.
    """
    if name == NONE:
        return None
    if name == LOCAL:
        if folder is None:
            raise TranslationError("local: no folder; give the folder of a CTranslate2 or Marian model")
        from pipeline.translate.local import LocalTranslator  # optional packages are looked for only when asked

        return LocalTranslator(folder, source=source, target=target)
    if name in SERVICES:
        from pipeline.translate.services import ServiceTranslator  # 0.2 s of imports that offline users never need

        return ServiceTranslator(name, source=source, target=target, url=url)
    raise TranslationError(f"translator {name!r} is not known; expected one of {', '.join(names())}")
