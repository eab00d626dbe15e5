SELECT
    cui, text, lat,
    CASE
        WHEN folded = ? THEN 2
        WHEN starts_with(folded, ?) THEN 3
        WHEN {bounded} THEN 4
        ELSE 5
    END AS grade
FROM name
WHERE {inside} AND (? IS NULL OR lat = ?)
  AND (len(?::VARCHAR[]) = 0 OR cui IN (SELECT cui FROM kind WHERE sty IN (SELECT unnest(?::VARCHAR[]))))
ORDER BY grade, lat <> 'FRE', length(folded), text, cui
LIMIT ?
