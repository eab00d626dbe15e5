-- One's own ratings for a second pass, the oldest first: one pair of $share, by a hash that stays the same, rated
-- before $before. `open` is false for those that were rated again since.
WITH latest AS (
    SELECT
        entry_id, cui, max(event_id) FILTER (kind = 'rate') AS rated, max(at_utc) FILTER (kind = 'rate') AS at_utc,
        max(event_id) FILTER (kind = 'again') AS again
    FROM standing
    WHERE person = $person AND kind IN ('rate', 'again')
    GROUP BY entry_id, cui
)
SELECT l.entry_id, l.cui, coalesce(l.again < l.rated, TRUE) AS open
FROM latest l
JOIN entry e ON e.run_no = $run AND e.entry_id = l.entry_id
WHERE l.at_utc <= $before AND md5_number_lower(l.entry_id || ' ' || l.cui) % $share = 0
ORDER BY l.rated
