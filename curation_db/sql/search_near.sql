-- Short words forgive one slip, longer ones two; a swap of neighbours is one.
SELECT word, distance
FROM (
    SELECT word, uses, damerau_levenshtein(word, $word) AS distance
    FROM word
    WHERE letters BETWEEN length($word) - 2 AND length($word) + 2
)
WHERE distance <= CASE WHEN length($word) < 4 THEN 0 WHEN length($word) < 7 THEN 1 ELSE 2 END
ORDER BY distance, uses DESC, word
LIMIT $limit
