-- What everybody said of pairs whose entry is in the current run; `key` is null for what it does not propose.
SELECT j.person, e.position, j.cui, a.position * 65536 + a.rank AS key, j.rating, j.flagged, j.skipped
FROM judgement j
JOIN entry e ON e.run_no = $run AND e.entry_id = j.entry_id
LEFT JOIN alignment a ON a.run_no = $run AND a.entry_id = j.entry_id AND a.cui = j.cui
