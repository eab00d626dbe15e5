SELECT
    entry_id, cui AS CUI, person, rating, origin, flagged, comment, at_utc AT TIME ZONE 'UTC' AS "at",
    run, encoders, rank, score, position, seconds, relation, reason, blind
FROM judgement
WHERE rating IS NOT NULL OR flagged OR comment <> ''
ORDER BY entry_id, cui, person
