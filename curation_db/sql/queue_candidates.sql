-- The current run's candidates in the lexicon's order. `proposers` has a bit an encoder; `dispute` is how far the
-- encoders' scores of the candidate lie apart, an encoder that does not propose it giving 0.
SELECT
    position * 65536 + rank AS key, cui, score,
    list_sum([1 << (list_position($encoders, e) - 1) FOR e IN encoders IF list_contains($encoders, e)])::UINTEGER
        AS proposers,
    least(1.0, coalesce(list_max(s), 0) - CASE WHEN len(s) < len($encoders) THEN 0 ELSE coalesce(list_min(s), 0) END)
        ::FLOAT AS dispute
FROM (
    SELECT *, [e.score FOR e IN evidence IF e.score IS NOT NULL AND NOT isnan(e.score)] AS s
    FROM alignment
    WHERE run_no = $run
)
ORDER BY key
