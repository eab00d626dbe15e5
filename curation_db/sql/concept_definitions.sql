SELECT CUI, coalesce(AUI, ''), coalesce(SAB, ''), DEF, coalesce(CVF, '')
FROM read_parquet(?)
WHERE CUI IN ({marks}) AND DEF IS NOT NULL AND coalesce(SUPPRESS, 'N') = 'N'
