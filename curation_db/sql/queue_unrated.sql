-- The first candidate in [low, high] beyond (position, rank) that the person still has to rate.
-- It reads the ledger once, for the span's entries only: an undo carries the entry of what it takes back.
WITH span AS MATERIALIZED (
    SELECT entry_id, cui, position, rank
    FROM alignment
    WHERE run_no = $run AND position BETWEEN $low AND $high
      AND ($position IS NULL OR (position * 65536 + rank) * $way > ($position * 65536 + $rank) * $way)
),
said AS MATERIALIZED (
    SELECT event_id, kind, entry_id, cui, origin, rating, undoes
    FROM event
    WHERE person = $person AND entry_id IN (SELECT entry_id FROM span)
),
touched AS MATERIALIZED (
    SELECT said.*
    FROM said
    ANTI JOIN (SELECT undoes FROM said WHERE undoes IS NOT NULL) u ON u.undoes = said.event_id
    WHERE kind IN ('rate', 'skip', 'none')
),
settled AS (
    SELECT entry_id
    FROM touched
    GROUP BY entry_id
    HAVING max(event_id) FILTER (kind = 'none')
        > coalesce(max(event_id) FILTER (kind = 'rate' AND origin = 'candidate' AND rating >= 3), -1)
)
SELECT entry_id, cui
FROM span
ANTI JOIN (SELECT entry_id, cui FROM touched WHERE kind <> 'none') USING (entry_id, cui)
ANTI JOIN settled USING (entry_id)
ORDER BY position * $way, rank * $way
LIMIT 1
