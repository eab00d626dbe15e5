-- A rating given in the current run, of a candidate of it, needs no look at the alignments; only pairs rated
-- elsewhere are searched among them. `ours` is false where two loaded runs have the current one's name.
WITH run AS MATERIALIZED (
    SELECT run_no, name, entries, alignments, (SELECT count(*) FROM run o WHERE o.name = c.name) = 1 AS ours
    FROM current_run c
),
said AS MATERIALIZED (
    SELECT
        s.event_id, s.person = $person AS own, s.kind, s.entry_id, s.cui, s.flagged, s.seconds, s.at_utc,
        s.kind = 'rate' AND s.origin = 'candidate' AND s.run = (SELECT name FROM run WHERE ours) AS here
    FROM standing s
    WHERE s.kind = 'rate' OR s.person = $person
),
mine AS MATERIALIZED (
    SELECT
        entry_id, cui, bool_or(kind = 'rate') AS rated, coalesce(bool_or(here), FALSE) AS here,
        coalesce(max_by(flagged, event_id) FILTER (kind = 'flag'), FALSE) AS flagged,
        bool_or(kind = 'skip') AND NOT bool_or(kind = 'rate') AS skipped,
        max_by(seconds, event_id) FILTER (kind = 'rate') AS seconds
    FROM said
    WHERE own AND kind NOT IN ('none', 'absent')
    GROUP BY entry_id, cui
),
mine_here AS (
    SELECT entry_id, rated, skipped FROM mine WHERE here
    UNION ALL
    SELECT a.entry_id, m.rated, m.skipped
    FROM alignment a
    JOIN (SELECT * FROM mine WHERE NOT here AND (rated OR skipped)) m USING (entry_id, cui)
    WHERE a.run_no = (SELECT run_no FROM run)
),
settled AS (SELECT entry_id, verdict FROM verdict WHERE person = $person),
state AS MATERIALIZED (
    SELECT
        e.candidates, coalesce(p.rated, 0) AS rated, coalesce(p.skipped, 0) AS skipped,
        s.entry_id IS NOT NULL AS settled, s.verdict
    FROM entry e
    LEFT JOIN (
        SELECT entry_id, count(*) FILTER (rated) AS rated, count(*) FILTER (skipped) AS skipped
        FROM mine_here
        GROUP BY entry_id
    ) p USING (entry_id)
    LEFT JOIN settled s USING (entry_id)
    WHERE e.run_no = (SELECT run_no FROM run)
),
-- by a 64-bit hash, a third of the time of the two texts
by_all AS MATERIALIZED (
    SELECT hash(entry_id, cui) AS pair, coalesce(bool_or(here), FALSE) AS here FROM said WHERE kind = 'rate' GROUP BY pair
),
elsewhere AS (
    SELECT count(*) AS pairs
    FROM alignment a
    JOIN (SELECT pair FROM by_all WHERE NOT here) o ON o.pair = hash(a.entry_id, a.cui)
    WHERE a.run_no = (SELECT run_no FROM run)
)
SELECT
    coalesce((SELECT entries FROM run), 0),
    (SELECT count(*) FILTER (settled OR (candidates > 0 AND rated = candidates)) FROM state),
    (SELECT count(*) FILTER (candidates = 0) FROM state),
    coalesce((SELECT alignments FROM run), 0),
    (SELECT coalesce(sum(rated), 0)::BIGINT FROM state),
    (SELECT count(*) FROM by_all WHERE here) + (SELECT pairs FROM elsewhere),
    (SELECT count(*) FILTER (flagged) FROM mine),
    (SELECT count(*) FILTER (verdict = 'none') FROM state),
    (SELECT count(*) FILTER (verdict = 'absent') FROM state),
    (SELECT coalesce(sum(skipped) FILTER (NOT settled), 0)::BIGINT FROM state),
    (SELECT count(*) FROM said WHERE own AND kind = 'rate' AND at_utc >= $since),
    (SELECT median(seconds) FROM mine WHERE rated)
