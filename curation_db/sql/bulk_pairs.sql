-- The pairs asked for that the current run proposes, each with what this person said, in the lexicon's order.
WITH wanted AS (SELECT unnest($positions) AS position, unnest($cuis) AS cui)
SELECT
    a.entry_id, a.cui, coalesce(e.term, ''), coalesce(a.name, ''), a.position, a.rank, a.score, a.encoders, r.name,
    j.rating IS NOT NULL, coalesce(j.flagged, FALSE), v.verdict IS NOT NULL
FROM wanted w
JOIN current_run r ON TRUE
JOIN alignment a ON a.run_no = r.run_no AND a.position = w.position AND a.cui = w.cui
JOIN entry e ON e.run_no = r.run_no AND e.position = w.position
LEFT JOIN (SELECT * FROM judgement WHERE person = $person) j ON j.entry_id = a.entry_id AND j.cui = a.cui
LEFT JOIN (SELECT * FROM verdict WHERE person = $person) v ON v.entry_id = a.entry_id
ORDER BY a.position, a.rank
