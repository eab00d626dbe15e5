-- The current state is a reading of the ledger: what was not undone, the latest of each kind.
CREATE VIEW current_run AS
SELECT r.*, u.at_utc AS loaded_at
FROM run_use u
JOIN run r USING (fingerprint)
ORDER BY u.event_id DESC
LIMIT 1;

CREATE VIEW standing AS
SELECT e.*
FROM event e
ANTI JOIN (SELECT undoes FROM event WHERE undoes IS NOT NULL) u ON u.undoes = e.event_id
WHERE e.kind IN ('rate', 'flag', 'comment', 'none', 'skip');

-- The last rating, the last flag and the last words of a person on a pair. A skip counts until it is rated.
CREATE VIEW judgement AS
WITH latest AS (
    SELECT
        entry_id, cui, person,
        max_by({rating: rating, origin: origin, run: run, encoders: encoders, rank: rank, score: score,
                position: position, seconds: seconds}, event_id) FILTER (kind = 'rate') AS rate,
        max_by(origin, event_id) AS origin,
        max_by(flagged, event_id) FILTER (kind = 'flag') AS flagged,
        max_by(text, event_id) FILTER (kind IN ('comment', 'rate') AND text IS NOT NULL) AS comment,
        bool_or(kind = 'skip') AS skipped,
        max_by(at_utc, event_id) AS at_utc
    FROM standing
    WHERE kind <> 'none'
    GROUP BY entry_id, cui, person
)
SELECT
    entry_id, cui, person, rate.rating AS rating,
    coalesce(rate.origin, origin) AS origin,
    coalesce(flagged, FALSE) AS flagged,
    coalesce(comment, '') AS comment,
    skipped AND rate IS NULL AS skipped,
    at_utc, rate.run AS run, rate.encoders AS encoders, rate.rank AS rank, rate.score AS score,
    rate.position AS position, rate.seconds AS seconds
FROM latest;

-- "None of these" stands until the person rates a candidate of the entry 3 or more, the ratings that fit.
CREATE VIEW verdict AS
SELECT entry_id, person, 'none' AS verdict, said.text AS comment, said.at_utc AS at_utc
FROM (
    SELECT
        entry_id, person,
        max_by({event_id: event_id, text: text, at_utc: at_utc}, event_id) FILTER (kind = 'none') AS said,
        max(event_id) FILTER (kind = 'rate' AND origin = 'candidate' AND rating >= 3) AS fits
    FROM standing
    GROUP BY entry_id, person
)
WHERE said.event_id > coalesce(fits, -1);

-- One row a rated pair: the lower median of the people's current ratings. Exports go by this and nothing else.
CREATE VIEW curated AS
WITH pairs AS (
    SELECT
        entry_id, cui, quantile_disc(rating, 0.5) AS rating, count(*) AS raters,
        list_sort(list_distinct(flatten(list(coalesce(encoders, []))))) AS seen, max(at_utc) AS at_utc
    FROM judgement
    WHERE rating IS NOT NULL
    GROUP BY entry_id, cui
)
SELECT p.entry_id, p.cui, p.rating, p.raters, coalesce(a.encoders, p.seen) AS encoders, p.at_utc
FROM pairs p
LEFT JOIN alignment a
    ON a.run_no = (SELECT run_no FROM current_run) AND a.entry_id = p.entry_id AND a.cui = p.cui;
