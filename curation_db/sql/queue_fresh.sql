-- Candidates of the current run that no run in use before it had; none where it is the first.
WITH now AS (SELECT run_no, fingerprint FROM current_run),
earlier AS (
    SELECT DISTINCT r.run_no
    FROM run_use u
    JOIN run r USING (fingerprint)
    WHERE fingerprint <> (SELECT fingerprint FROM now)
)
SELECT a.position * 65536 + a.rank AS key
FROM alignment a
WHERE a.run_no = (SELECT run_no FROM now)
  AND EXISTS (FROM earlier)
  AND NOT EXISTS (
      FROM alignment o
      WHERE o.entry_id = a.entry_id AND o.cui = a.cui AND o.run_no IN (FROM earlier)
  )
ORDER BY key
