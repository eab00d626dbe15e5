-- Who rates which entry by the design in force: the rows that came with it, and with its extensions since.
CREATE VIEW assigned AS
SELECT entry_id, person, stage
FROM assignment
WHERE event_id >= (SELECT max(event_id) FROM policy_use WHERE name = 'design');
