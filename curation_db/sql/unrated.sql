-- Entries of the current run with candidates that nobody rated or decided, and of which nobody said that none fits
WITH current AS (SELECT run_no FROM current_run),
said AS (
    SELECT entry_id, cui FROM judgement WHERE rating IS NOT NULL
    UNION
    SELECT entry_id, cui FROM decision
),
rated AS (
    SELECT a.entry_id, count(*) AS rated
    FROM alignment a
    JOIN said USING (entry_id, cui)
    WHERE a.run_no = (SELECT run_no FROM current)
    GROUP BY a.entry_id
)
SELECT e.entry_id, coalesce(e.term, ''), e.candidates - coalesce(r.rated, 0)
FROM entry e
LEFT JOIN rated r USING (entry_id)
ANTI JOIN (SELECT entry_id FROM verdict) v USING (entry_id)
WHERE e.run_no = (SELECT run_no FROM current) AND e.candidates > coalesce(r.rated, 0)
ORDER BY e.position
