-- A lexicon and its ten candidates an entry, among $concepts concepts spread over a release as they are in a real one.
CREATE MACRO cui_of(number) AS format('C{:07d}', number);
CREATE MACRO entry_of(number) AS format('lex:{:07d}', number);

CREATE TABLE entries AS
SELECT
    entry_of(n) AS entry_id,
    'hypertension artérielle, forme ' || n AS term,
    '0,4' AS complexity_rate, '' AS comparison_index,
    'Le sang appuie trop fort sur la paroi des artères ; cas ' || n AS explanation,
    '' AS simplification_rate, 'essai' AS sources, 'lexique.txt' AS file, n + 1 AS line
FROM range($entries) numbers(n)
ORDER BY n;

CREATE TABLE merged AS
SELECT
    entry_of(n) AS entry_id, rank, cui_of(number) AS "CUI", format('A{:07d}1', number) AS "AUI",
    'Maladie hypertensive, variante ' || number AS name, 'FRE' AS "LAT", score, ['e5', 'use'] AS encoders,
    [{encoder: 'e5', rank: rank, cosine: score * 0.9, score: score},
     {encoder: 'use', rank: 11 - rank, cosine: score * 0.8, score: score}] AS evidence
FROM (
    -- steps of a prime, so that no concept stands twice in an entry
    SELECT n, rank, (hash(n) % $concepts + rank * 7919)::BIGINT % $concepts AS number, (1 - rank / 20.0) AS score
    FROM range($entries) numbers(n), range(1, 11) ranks(rank)
)
ORDER BY n, rank;

CREATE TABLE atoms AS
SELECT
    cui_of(n) AS "CUI", lat AS "LAT", 'P' AS "TS", 'PF' AS "STT", if(place < 2, 'Y', 'N') AS "ISPREF",
    format('A{:07d}{}', n, place) AS "AUI", sab AS "SAB", 'PT' AS "TTY", 'D' || n AS "CODE",
    text || n AS "STR", '0' AS "SRL", 'N' AS "SUPPRESS"
FROM range($concepts) numbers(n), (VALUES
    (0, 'ENG', 'MSH', 'Hypertensive disease, variant '),
    (1, 'FRE', 'MSHFRE', 'Maladie hypertensive, variante '),
    (2, 'FRE', 'MDRFRE', 'Tension élevée, variante ')
) languages(place, lat, sab, text)
ORDER BY n, place;

CREATE TABLE semantic_types AS
SELECT cui_of(n) AS "CUI", 'T047' AS "TUI", 'Disease or Syndrome' AS "STY"
FROM range($concepts) numbers(n)
ORDER BY n;

CREATE TABLE definitions AS
SELECT
    cui_of(n) AS "CUI", format('A{:07d}0', n) AS "AUI", 'MSH' AS "SAB", 'N' AS "SUPPRESS",
    'Persistently high arterial blood pressure, variant ' || n AS "DEF"
FROM range(0, $concepts, 3) numbers(n)
ORDER BY n;
