-- The relation of a pair that nobody decided is the one that more than half of its raters chose: of two that are
-- equally frequent, mode() gave either.
CREATE OR REPLACE VIEW curated AS
WITH pairs AS (
    SELECT
        entry_id, cui, quantile_disc(rating, 0.5) AS rating, count(*) AS raters, list(relation) AS relations,
        list_sort(list_distinct(flatten(list(coalesce(encoders, []))))) AS seen, max(at_utc) AS at_utc
    FROM judgement
    WHERE rating IS NOT NULL
    GROUP BY entry_id, cui
),
agreed AS (
    SELECT * REPLACE (
        list_filter(
            list_distinct(relations),
            lambda one: 2 * len(list_filter(relations, lambda said: said = one)) > raters
        )[1] AS relations
    )
    FROM pairs
)
SELECT
    t.entry_id, t.cui, t.rating, t.raters, coalesce(a.encoders, t.seen, []) AS encoders, t.at_utc, t.relation,
    t.decided_by IS NOT NULL AS decided, t.decided_by
FROM (
    SELECT
        entry_id, cui, coalesce(d.rating, p.rating) AS rating, coalesce(p.raters, 0) AS raters, p.seen,
        coalesce(d.at_utc, p.at_utc) AS at_utc,
        CASE WHEN d.person IS NULL THEN p.relations ELSE d.relation END AS relation, d.person AS decided_by
    FROM agreed p
    FULL JOIN decision d USING (entry_id, cui)
) t
LEFT JOIN alignment a
    ON a.run_no = (SELECT run_no FROM current_run) AND a.entry_id = t.entry_id AND a.cui = t.cui;
