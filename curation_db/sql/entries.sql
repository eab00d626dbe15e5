WITH run AS (SELECT run_no FROM current_run),
mine AS MATERIALIZED (SELECT entry_id, cui, rating, flagged, skipped FROM judgement WHERE person = $person),
rated AS (
    SELECT a.entry_id, count(*) AS rated
    FROM alignment a
    JOIN mine j USING (entry_id, cui)
    WHERE a.run_no = (SELECT run_no FROM run) AND j.rating IS NOT NULL
    GROUP BY a.entry_id
),
marks AS (
    SELECT entry_id, count(*) FILTER (flagged) AS flagged, count(*) FILTER (skipped) AS skipped
    FROM mine
    GROUP BY entry_id
),
lines AS MATERIALIZED (
    SELECT
        e.entry_id, e.position, e.first_cui, e.candidates, coalesce(r.rated, 0) AS rated,
        coalesce(k.flagged, 0) AS flagged, coalesce(k.skipped, 0) AS skipped, v.verdict
    FROM entry e
    LEFT JOIN rated r USING (entry_id)
    LEFT JOIN marks k USING (entry_id)
    LEFT JOIN (SELECT entry_id, verdict FROM verdict WHERE person = $person) v USING (entry_id)
    WHERE e.run_no = (SELECT run_no FROM run)
      AND ($text = '' OR e.entry_id = $exact OR contains(
          replace(replace(lower(strip_accents(concat_ws(' ', e.term, e.explanation))), 'œ', 'oe'), 'æ', 'ae'), $text))
),
kept AS MATERIALIZED (
    SELECT * FROM lines
    WHERE CASE $status
        WHEN 'untouched' THEN rated = 0 AND verdict IS NULL
        WHEN 'started' THEN rated > 0 AND rated < candidates AND verdict IS NULL
        WHEN 'done' THEN verdict IS NOT NULL OR (candidates > 0 AND rated = candidates)
        WHEN 'none' THEN verdict = 'none'
        WHEN 'absent' THEN verdict = 'absent'
        WHEN 'flagged' THEN flagged > 0
        WHEN 'skipped' THEN skipped > 0
        ELSE TRUE
    END
),
page AS MATERIALIZED (SELECT * FROM kept ORDER BY position LIMIT $limit OFFSET $offset)
SELECT
    n.total, p.entry_id, p.position + 1, coalesce(e.term, ''), coalesce(e.explanation, ''), p.first_cui,
    p.candidates, p.rated, p.flagged, p.skipped, p.verdict
FROM (SELECT count(*) AS total FROM kept) n
LEFT JOIN page p ON TRUE
LEFT JOIN entry e ON e.run_no = (SELECT run_no FROM run) AND e.position = p.position
ORDER BY p.position
