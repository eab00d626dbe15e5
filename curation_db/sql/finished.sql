-- Who has finished which entry of the current run: each of its candidates rated, or a verdict on it.
SELECT j.person, j.entry_id
FROM judgement j
JOIN alignment a ON a.run_no = (SELECT run_no FROM current_run) AND a.entry_id = j.entry_id AND a.cui = j.cui
JOIN entry e ON e.run_no = a.run_no AND e.entry_id = j.entry_id
WHERE j.rating IS NOT NULL
GROUP BY j.person, j.entry_id, e.candidates
HAVING count(*) = e.candidates
UNION
SELECT v.person, v.entry_id
FROM verdict v
JOIN entry e ON e.run_no = (SELECT run_no FROM current_run) AND e.entry_id = v.entry_id
