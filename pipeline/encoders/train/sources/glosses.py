"""A dictionary's headwords and senses (headword, tab, senses joined by " | "): those that speak of health.

The file says nothing of a sense's field, so a sense is taken for medical by how it begins and what it names.
Headwords that are no terminology's name keep an identifier of their own (see lessons.HEADWORD).
"""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.encoders.train.lessons import HEADWORD, Taught

STARTS = re.compile(
    r"^(?:\([^)]*\) )?(?:(?:toute?|petite?|grave|ensemble d['’]|forme d['’]|type d['’]|sorte d['’]|état d['’]) ?)*"
    r"(?:une? |des? )?(?:inflammation|douleur|maladie|affection|tumeur|cancer|infection|trouble|lésion|syndrome"
    r"|symptôme|ablation|excès|absence|diminution|augmentation|malformation|anomalie|paralysie|perte|présence"
    r"|insuffisance|déficit|déficience|accumulation|épanchement|hémorragie|écoulement|dilatation|rétrécissement"
    r"|élévation|fracture|luxation|hernie|éruption|peur|phobie|difficulté|incapacité|émission|manque|baisse|taux"
    r"|intoxication|empoisonnement|gonflement|rougeur|démangeaison|crise|opération chirurgicale|intervention|incision"
    r"|excision|dermatose|parasitose|zoonose|fièvre|cicatri|plaie|brûlure|vomissement|contraction|spasme|ralentissement"
    r"|accélération|dégénérescence|nécrose|atrophie|hypertrophie|déformation|déviation|obstruction|occlusion"
    r"|carence|saignement|nausée|vertige|mal |malaise|surdité|cécité|toux|rhume|abcès|kyste|calcul|ulcère|ulcération)",
    re.IGNORECASE,
)
BODY = re.compile(
    r"\b(?:sang|sanguin\w*|urin\w+|peau|cutané\w*|os|osseu\w+|muscl\w+|muscul\w+|nerf\w*|nerveu\w+|cerveau|cérébr\w+"
    r"|cœur|cardia\w+|poumons?|pulmon\w+|foie|hépat\w+|reins?|rénal\w*|estomac|intestin\w*|gorge|nez|oreill\w+|yeux"
    r"|œil|dents?|bouche|langue|vessie|utérus|ventre|thorax|poitrine|membres?|doigts?|orteils?|articulation\w*"
    r"|tissus?|cellules?|muqueuses?|glandes?|artères?|veines?|vaisseau\w*|médical\w*|médecine|patholog\w+|malad\w+"
    r"|patients?|symptômes?|infecti\w+|bactéri\w+|vir\w+|organisme|corps|corporel\w*|crâne|tête|visage|paupière\w*"
    r"|rétine|sein\w*|règles|grossesse|accouchement|nouveau-né\w*|hormon\w+|chirurgi\w+|psych\w+|mental\w*)\b",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(
    r"\b(?:plantes?|arbres?|insectes?|papillons?|poissons?|oiseaux?|moteurs?|navires?|bateaux?|commune|habitants?|chev(?:al|aux)"
    r"|vignes?|bovins?|ovins?|moutons?|chiens?|abeilles?|champs?|végéta\w+|feuilles|fruits?|racines?|blé|pommes?|véhicul\w+"
    r"|financ\w+|militaire|juridique|monnaie|jeux?)\b",
    re.IGNORECASE,
)
SENSES = " | "
"""Between the senses of a headword."""
FEWEST, MOST = 3, 32
"""Words of a sense: shorter ones are synonyms of many senses, longer ones tell a story."""


def read(path: Path) -> Iterator[Taught]:
    with gzip.open(path, "rt", encoding="utf8") as file:
        for line in file:
            headword, _, senses = line.rstrip("\n").partition("\t")
            medical = [sense for sense in senses.split(SENSES) if is_medical(sense)]
            if medical and headword[:1].islower():
                yield Taught((HEADWORD + headword,), headword, "fr", "mention")
                for sense in medical[:2]:
                    yield Taught((HEADWORD + headword,), sense.strip(), "fr", "gloss")


def is_medical(sense: str) -> bool:
    """Whether a sense speaks of a person's health: how it begins, and a part of the body or of medicine in it."""
    words = len(sense.split())
    return (
        FEWEST <= words <= MOST
        and bool(STARTS.match(sense))
        and bool(BODY.search(sense))
        and not ELSEWHERE.search(sense)
    )
