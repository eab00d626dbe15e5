SELECT cui, aui, coalesce(name, ''), coalesce(lat, ''), rank, score, encoders, evidence
FROM alignment
WHERE run_no = ? AND position = ?
ORDER BY rank
