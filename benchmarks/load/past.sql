-- Half of everybody's past ratings are of the lexicon's first entries, which all share; half of a stretch of their own.
INSERT INTO event BY NAME
WITH raters AS (SELECT unnest($raters) AS person, unnest(range(len($raters))) AS number),
due AS (
    SELECT r.person, a.*
    FROM alignment a
    JOIN raters r ON a.position < $shared OR a.position // $shared = 1 + r.number
    WHERE a.run_no = (SELECT run_no FROM current_run)
)
SELECT
    (SELECT max(event_id) FROM event) + row_number() OVER () AS event_id, uuid() AS command_id,
    $from::TIMESTAMP + to_seconds(2 * row_number() OVER ()) AS at_utc, 'rate' AS kind, person, entry_id, cui,
    (hash(cui, person) % 6)::TINYINT AS rating, 'candidate' AS origin, (SELECT name FROM current_run) AS run,
    encoders, rank, score, position + 1 AS position, 2.0 AS seconds
FROM (SELECT * FROM due ORDER BY position, rank, person);
