-- The entries of the current run that have something to rate; where not $all, those that nobody is assigned to.
SELECT entry_id, coalesce(term, '') AS term
FROM entry
WHERE run_no = (SELECT run_no FROM current_run)
  AND candidates > 0
  AND ($all OR entry_id NOT IN (SELECT entry_id FROM assigned))
ORDER BY position
