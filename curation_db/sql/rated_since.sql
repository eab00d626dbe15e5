SELECT count(*)
FROM event e
ANTI JOIN (SELECT undoes FROM event WHERE undoes IS NOT NULL) u ON u.undoes = e.event_id
WHERE e.kind = 'rate' AND e.person = $person AND e.at_utc >= $since AND e.event_id <= $heard
