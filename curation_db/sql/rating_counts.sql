WITH named AS (
    SELECT unnest(encoders) AS encoder, rating FROM curated
    UNION ALL
    SELECT CASE WHEN len(encoders) > 0 THEN 'combined' ELSE 'search' END, rating FROM curated
),
encoders AS (
    SELECT DISTINCT encoder, 0 AS part FROM named WHERE encoder NOT IN ('combined', 'search')
    UNION
    SELECT unnest(encoders), 0 FROM current_run
    UNION ALL
    VALUES ('combined', 1), ('search', 2)
)
SELECT e.encoder, r.rating, count(n.rating) AS count
FROM encoders e
CROSS JOIN range(6) r(rating)
LEFT JOIN named n ON n.encoder = e.encoder AND n.rating = r.rating
GROUP BY e.part, e.encoder, r.rating
ORDER BY e.part, e.encoder, r.rating
