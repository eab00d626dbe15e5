-- The semantic type of each entry's first candidate; of several, the first by name.
SELECT e.entry_id, min(s.STY)
FROM entry e
JOIN read_parquet(?) s ON s.CUI = e.first_cui
WHERE e.run_no = (SELECT run_no FROM current_run)
GROUP BY e.entry_id
