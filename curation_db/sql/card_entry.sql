SELECT
    run_no, position + 1, entry_id, coalesce(term, ''), coalesce(complexity_rate, ''),
    coalesce(comparison_index, ''), coalesce(explanation, ''), coalesce(simplification_rate, ''),
    coalesce(sources, ''), coalesce(file, ''), line
FROM entry
WHERE entry_id = ?
