"""A term within its explanation, between the marks with which an encoder was trained to read mentions."""

Marks = tuple[str, str]


def in_context(term: str, explanation: str | None, marks: Marks) -> str:
    """The explanation with its first mention of `term` between the marks; the marked term in front of it where it
    is not mentioned, alone where there is none (KRISSBERT: Zhang et al. 2022, section 3.1)."""
    opening, closing = marks
    text = explanation or ""
    start = text.casefold().find(term.casefold())
    # casefold may change a text's length (ß); then the places are not those of the text
    if not term or start < 0 or len(text) != len(text.casefold()):
        marked = f"{opening}{term}{closing}"
        return f"{marked}. {text}" if text else marked
    end = start + len(term)
    return f"{text[:start]}{opening}{text[start:end]}{closing}{text[end:]}"
