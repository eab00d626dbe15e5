-- The person's own flagged, rated or skipped pairs; a concept that no candidate proposes comes after the candidates.
WITH mine AS (
    SELECT entry_id, cui
    FROM judgement
    WHERE person = $person
      AND CASE $queue
          WHEN 'flagged' THEN flagged
          WHEN 'mine' THEN rating IS NOT NULL
          ELSE skipped AND entry_id NOT IN (SELECT entry_id FROM verdict WHERE person = $person)
      END
),
placed AS (
    SELECT mine.entry_id, mine.cui, e.position, coalesce(a.rank, 32767) AS rank
    FROM mine
    JOIN entry e ON e.run_no = $run AND e.entry_id = mine.entry_id
    LEFT JOIN alignment a ON a.run_no = $run AND a.entry_id = mine.entry_id AND a.cui = mine.cui
    WHERE e.position BETWEEN $low AND $high
)
SELECT entry_id, cui
FROM placed
WHERE $position IS NULL
   OR CASE WHEN $way > 0 THEN (position, rank, cui) > ($position, $rank, $cui)
           ELSE (position, rank, cui) < ($position, $rank, $cui) END
ORDER BY position * $way, rank * $way, CASE WHEN $way > 0 THEN cui END, CASE WHEN $way < 0 THEN cui END DESC
LIMIT 1
