"""A word cut into formants: the fewest and longest that cover it, in the order prefixes, roots, one suffix."""

from dataclasses import dataclass

from pipeline.compounds.tables import Form, Formant, Language, forms

LONGEST_WORD = 60
LEAST_COVER = 0.6  # of the letters, where a part of the word is not in the table
START, PREFIXED, ROOTED, ROOTLESS, DONE = range(5)
AFTER = {
    ("prefix", START): PREFIXED,
    ("prefix", PREFIXED): PREFIXED,
    ("root", START): ROOTED,
    ("root", PREFIXED): ROOTED,
    ("root", ROOTED): ROOTED,
    ("suffix", PREFIXED): ROOTLESS,
    ("suffix", ROOTED): DONE,
}
"""(kind of formant, what stands before it) -> what stands there now; what is not here cannot follow."""

ENDINGS = frozenset({"ending", "adjective"})


@dataclass(frozen=True, slots=True)
class Cut:
    """`pieces`: (letters, its formant or None), in order; `cost`: unread letters, pieces, prefixes, and minus the
    sum of squared lengths: of two cuts the one with the lower cost is the better."""

    pieces: tuple[tuple[str, Formant | None], ...] = ()
    cost: tuple[int, int, int, int] = (0, 0, 0, 0)

    def with_piece(self, text: str, formant: Formant | None) -> "Cut":
        unread, pieces, prefixes, squares = self.cost
        cost = (
            unread + (0 if formant else len(text)),
            pieces + 1,
            prefixes + (formant is not None and formant.kind == "prefix"),
            squares - len(text) ** 2,
        )
        return Cut((*self.pieces, (text, formant)), cost)


def segment(word: str, language: Language) -> list[Cut]:
    """The best cut of a folded word with a root and the best without one, the better first; those of which too
    little is in the table are left out.

    Dynamic programming over (place, what stands before): one stretch in place of a root may stay unread.
    """
    if not 4 <= len(word) <= LONGEST_WORD:
        return []
    table = forms(language)
    best: list[dict[tuple[int, bool], Cut]] = [{} for _ in range(len(word) + 1)]
    best[0][START, False] = Cut()
    for place, cuts in enumerate(best):
        for end in range(place + 1, len(word) + 1) if cuts else ():
            found = table.get(word[place:end], ())
            for (state, gap), cut in cuts.items():
                for after, with_gap, formant in _steps(found, state, gap, word[end:], end - place):
                    _keep(best[end], (after, with_gap), cut.with_piece(word[place:end], formant))
    ends = [cut for (state, _), cut in best[-1].items() if state in (ROOTLESS, DONE) and _enough(cut, len(word))]
    return sorted(ends, key=lambda cut: cut.cost)


def _steps(
    found: tuple[Form, ...], state: int, gap: bool, rest: str, length: int
) -> list[tuple[int, bool, Formant | None]]:
    """(state after, whether a stretch is unread, formant) of each way to read these letters."""
    steps: list[tuple[int, bool, Formant | None]] = []
    for form in found:
        after = AFTER.get((form.formant.kind, state))
        if after is not None and form.fits(rest) and (after < ROOTLESS or not rest):
            steps.append((after, gap, form.formant))
    if not gap and state < ROOTLESS and length >= 3 and rest:
        steps.append((ROOTED, True, None))
    return steps


def _keep(cuts: dict[tuple[int, bool], Cut], key: tuple[int, bool], cut: Cut) -> None:
    if key not in cuts or cut.cost < cuts[key].cost:
        cuts[key] = cut


def _enough(cut: Cut, length: int) -> bool:
    """A word that is read in part has a prefix or root, and a suffix that is more than an ending (-ie, -al, -ose)."""
    last = cut.pieces[-1][1]
    whole = not cut.cost[0]
    ending = last is None or last.group in ENDINGS
    return whole or (len(cut.pieces) > 2 and not ending and cut.cost[0] <= (1 - LEAST_COVER) * length)
