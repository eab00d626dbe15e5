CREATE MACRO folded(x) AS trim(regexp_replace(
    replace(replace(lower(strip_accents(x)), 'œ', 'oe'), 'æ', 'ae'), '[^\pL\pN]+', ' ', 'g'));
CREATE TABLE name AS
SELECT CUI AS cui, folded(STR) AS folded, LAT AS lat, min(STR) AS text
FROM read_parquet($atoms)
WHERE coalesce(SUPPRESS, 'N') = 'N' AND STR IS NOT NULL
GROUP BY ALL;
CREATE TABLE code AS
SELECT upper(CODE) AS code, CUI AS cui, min(STR) AS text, min(LAT) AS lat
FROM read_parquet($atoms)
WHERE coalesce(CODE, '') NOT IN ('', 'NOCODE')
GROUP BY ALL
ORDER BY code;
CREATE TABLE kind AS
SELECT STY AS sty, CUI AS cui
FROM read_parquet($types)
WHERE STY IS NOT NULL
GROUP BY ALL
ORDER BY sty, cui;
CREATE TABLE word AS
SELECT word, length(word) AS letters, count(*) AS uses
FROM (SELECT unnest(string_split(folded, ' ')) AS word FROM name)
WHERE length(word) BETWEEN 3 AND 40
GROUP BY word
ORDER BY letters, word;
CHECKPOINT
