-- Pairs of the current run's entries that are to be settled, or were: one row each, with every reason why.
WITH current AS MATERIALIZED (SELECT run_no, name FROM current_run),
rated AS (
    SELECT
        entry_id, cui, list_sort(list(rating) FILTER (rating IS NOT NULL)) AS ratings, bool_or(flagged) AS flagged,
        count(DISTINCT relation) > 1 AS apart
    FROM judgement
    GROUP BY entry_id, cui
    HAVING count(rating) > 0 OR bool_or(flagged)
),
-- somebody finds that nothing fits where somebody else rates 3 or more
denied AS (
    SELECT DISTINCT j.entry_id, j.cui
    FROM judgement j
    JOIN verdict v ON v.entry_id = j.entry_id AND v.person <> j.person
    WHERE j.rating >= 3 AND (v.verdict = 'absent' OR j.origin = 'candidate')
),
last AS (
    SELECT entry_id, cui, max_by(kind, event_id) AS kind
    FROM standing
    WHERE kind IN ('decide', 'reopen')
    GROUP BY entry_id, cui
),
-- ratings given after the decision that it would have had to settle
later AS (
    SELECT DISTINCT d.entry_id, d.cui
    FROM decision d
    JOIN (
        SELECT entry_id, cui, max_by({rating: rating, relation: relation}, event_id) AS said, max(event_id) AS event_id
        FROM standing
        WHERE kind = 'rate'
        GROUP BY entry_id, cui, person
    ) r USING (entry_id, cui)
    WHERE r.event_id > d.event_id
      AND (abs(r.said.rating - d.rating) >= 2 OR (r.said.rating >= 3) <> (d.rating >= 3) OR r.said.relation <> d.relation)
),
-- another run was taken into use since, and the encoders say something else of the pair
moved AS (
    SELECT d.entry_id, d.cui
    FROM decision d
    JOIN event e USING (event_id)
    LEFT JOIN alignment a
        ON a.run_no = (SELECT run_no FROM current) AND a.entry_id = d.entry_id AND a.cui = d.cui
    WHERE e.run <> (SELECT name FROM current)
      AND (e.rank IS DISTINCT FROM a.rank OR list_sort(e.encoders) IS DISTINCT FROM list_sort(a.encoders))
),
every AS (SELECT entry_id, cui FROM rated UNION SELECT entry_id, cui FROM last),
cases AS (
    SELECT
        k.entry_id, k.cui, coalesce(r.ratings, []) AS ratings, d.rating AS decided,
        list_filter([
            CASE WHEN coalesce(l.kind = 'reopen', FALSE) THEN 'reopened' END,
            CASE WHEN r.ratings[-1] - r.ratings[1] >= 2 THEN 'spread' END,
            CASE WHEN r.ratings[1] < 3 AND r.ratings[-1] >= 3 THEN 'threshold' END,
            CASE WHEN n.cui IS NOT NULL THEN 'verdict' END,
            CASE WHEN r.apart THEN 'relation' END,
            CASE WHEN r.flagged THEN 'flagged' END
        ], lambda why: why IS NOT NULL) AS why,
        list_filter([
            CASE WHEN t.cui IS NOT NULL THEN 'later' END, CASE WHEN m.cui IS NOT NULL THEN 'moved' END
        ], lambda why: why IS NOT NULL) AS doubts
    FROM every k
    LEFT JOIN rated r USING (entry_id, cui)
    LEFT JOIN last l USING (entry_id, cui)
    LEFT JOIN decision d USING (entry_id, cui)
    LEFT JOIN denied n USING (entry_id, cui)
    LEFT JOIN later t USING (entry_id, cui)
    LEFT JOIN moved m USING (entry_id, cui)
)
SELECT
    k.entry_id, k.cui, coalesce(e.term, ''), coalesce(a.name, ''), k.ratings, k.why, k.doubts, k.decided
FROM cases k
JOIN entry e ON e.run_no = (SELECT run_no FROM current) AND e.entry_id = k.entry_id
LEFT JOIN alignment a ON a.run_no = e.run_no AND a.entry_id = k.entry_id AND a.cui = k.cui
WHERE len(k.why) > 0 OR k.decided IS NOT NULL
ORDER BY e.position, a.rank NULLS LAST, k.cui
