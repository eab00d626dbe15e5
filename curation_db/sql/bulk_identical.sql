-- Candidates of the current run whose name is the entry's term, case, accents and punctuation apart.
SELECT a.position, a.cui
FROM alignment a
JOIN entry e USING (run_no, position)
WHERE a.run_no = (SELECT run_no FROM current_run) AND folded(a.name) = folded(e.term) AND folded(e.term) <> ''
ORDER BY a.position, a.rank
