WITH picked AS (
    SELECT evidence
    FROM alignment
    WHERE run_no = (SELECT run_no FROM current_run)
    ORDER BY hash(entry_id, cui)
    LIMIT ?
),
said AS (SELECT unnest(evidence) AS e FROM picked)
SELECT e.encoder, e.rank, e.cosine, e.score
FROM said
WHERE e.cosine IS NOT NULL
ORDER BY e.encoder, e.cosine, e.rank
