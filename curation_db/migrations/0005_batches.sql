-- Ratings given in one go: rows come with their events, and one undo takes all of a batch back.
CREATE TABLE batch_use (event_id BIGINT NOT NULL, batch UUID NOT NULL);

-- A name as it is compared: case, accents, ligatures and punctuation apart, as in search_build.sql.
CREATE MACRO folded(x) AS trim(regexp_replace(
    replace(replace(lower(strip_accents(x)), 'œ', 'oe'), 'æ', 'ae'), '[^\pL\pN]+', ' ', 'g'));
