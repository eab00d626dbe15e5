-- Everybody's ratings of the pairs of a few entries, in the lexicon's order; concepts found by search come last.
SELECT e.entry_id, coalesce(e.term, ''), j.cui, j.person, j.rating
FROM judgement j
JOIN entry e ON e.run_no = (SELECT run_no FROM current_run) AND e.entry_id = j.entry_id
LEFT JOIN alignment a ON a.run_no = e.run_no AND a.entry_id = j.entry_id AND a.cui = j.cui
WHERE j.rating IS NOT NULL AND list_contains(?, j.entry_id)
ORDER BY e.position, a.rank NULLS LAST, j.cui, j.person
