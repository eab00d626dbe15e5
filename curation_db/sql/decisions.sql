SELECT
    d.entry_id, d.cui AS CUI, d.person, d.rating, d.relation, d.text, d.at_utc AT TIME ZONE 'UTC' AS "at", e.run,
    e.encoders
FROM decision d
JOIN event e USING (event_id)
ORDER BY d.entry_id, d.cui
