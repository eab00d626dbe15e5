SELECT entry_id, cui
FROM alignment
WHERE run_no = $run AND position BETWEEN $low AND $high
  AND ($position IS NULL OR (position * 65536 + rank) * $way > ($position * 65536 + $rank) * $way)
ORDER BY position * $way, rank * $way
