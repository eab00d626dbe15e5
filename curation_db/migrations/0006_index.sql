-- A store that was opened and closed after a kill may have lost rows from this table's index (see opening.py): the
-- table moves to one with a whole index, in its order.
CREATE TABLE entry_before AS SELECT * FROM entry;
DROP TABLE entry;
CREATE TABLE entry (
    run_no INTEGER NOT NULL,
    position BIGINT NOT NULL,
    entry_id VARCHAR NOT NULL,
    term VARCHAR,
    complexity_rate VARCHAR,
    comparison_index VARCHAR,
    explanation VARCHAR,
    simplification_rate VARCHAR,
    sources VARCHAR,
    file VARCHAR,
    line BIGINT,
    candidates BIGINT NOT NULL,
    first_cui VARCHAR
);
INSERT INTO entry BY NAME SELECT * FROM entry_before ORDER BY run_no, position;
DROP TABLE entry_before;
CREATE INDEX entry_of_id ON entry (entry_id);
