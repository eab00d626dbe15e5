SELECT
    CUI, coalesce(AUI, ''), LAT, STR, SAB, coalesce(TTY, ''), coalesce(CODE, ''),
    coalesce(TS = 'P' AND STT = 'PF' AND ISPREF = 'Y', FALSE), coalesce(SRL, ''), coalesce(SUPPRESS, 'N') <> 'N'
FROM read_parquet(?)
WHERE CUI IN ({marks})
