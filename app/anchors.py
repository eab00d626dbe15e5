"""The guideline as HTML. Its texts are people's own: every one is escaped here."""

from html import escape

from app.services.guideline import Guideline


def anchors(shown: Guideline) -> str:
    """The rule, then what each rating means, 0 to 5, as on the keys."""
    lines = "".join(
        f'<li class="rating_{rating}"><b>{rating}</b><div>{escape(one.means)}'
        f"<i>{escape(one.example)}</i></div></li>"
        for rating, one in enumerate(shown.anchors)
    )
    return f'<div class="guideline"><p>{escape(shown.rule)}</p><ul>{lines}</ul></div>'
