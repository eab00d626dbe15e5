WITH rated AS (
    SELECT event_id, entry_id, cui, person, rating, at_utc, seconds, encoders
    FROM standing
    WHERE kind = 'rate' AND coalesce(blind, TRUE)  -- older rows do not say, and nothing was shown then
),
latest AS (
    SELECT
        entry_id, cui, person,
        max_by({rating: rating, at_utc: at_utc, seconds: seconds}, event_id) AS said,
        flatten(list(coalesce(encoders, []))) AS encoders
    FROM rated
    GROUP BY entry_id, cui, person
),
pair AS (
    SELECT entry_id, cui, list_sort(list_distinct(flatten(list(encoders)))) AS seen
    FROM latest
    GROUP BY entry_id, cui
),
second AS (
    SELECT a.entry_id, a.cui, a.person, r.rating AS first, a.rating AS again
    FROM (
        SELECT entry_id, cui, person, max(event_id) AS event_id, max_by(rating, event_id) AS rating
        FROM standing
        WHERE kind = 'again'  -- its card hides the score again, though the person has seen it since the first rating
        GROUP BY entry_id, cui, person
    ) a
    ASOF JOIN rated r
        ON r.entry_id = a.entry_id AND r.cui = a.cui AND r.person = a.person AND a.event_id > r.event_id
),
dealt AS (
    SELECT entry_id, person, max_by(stage, event_id) AS stage
    FROM assignment
    GROUP BY entry_id, person
)
SELECT
    l.entry_id, l.cui AS CUI, l.person, l.said.rating AS rating, l.said.at_utc AT TIME ZONE 'UTC' AS "at",
    l.said.seconds AS seconds, coalesce(d.stage, 'main') AS stage, coalesce(c.encoders, p.seen) AS encoders,
    x.rating AS decision, s.first, s.again
FROM latest l
JOIN pair p USING (entry_id, cui)
LEFT JOIN second s USING (entry_id, cui, person)
LEFT JOIN dealt d USING (entry_id, person)
LEFT JOIN decision x USING (entry_id, cui)
LEFT JOIN alignment c
    ON c.run_no = (SELECT run_no FROM current_run) AND c.entry_id = l.entry_id AND c.cui = l.cui
ORDER BY l.entry_id, l.cui, l.person
