WITH kept AS (
    SELECT cui FROM kind WHERE sty IN (SELECT unnest($types::VARCHAR[]))
)
SELECT cui, text, lat, min(grade)
FROM (
    (SELECT cui, text, lat, 0 AS grade FROM name WHERE cui = $text LIMIT 1)
    UNION ALL
    (SELECT cui, text, lat, 1 FROM code WHERE code = $text)
)
WHERE len($types::VARCHAR[]) = 0 OR cui IN (SELECT cui FROM kept)
GROUP BY ALL
ORDER BY min(grade), cui
LIMIT $limit
