-- The ledger: one row a command, appended once and never changed. Times are UTC, kept without a zone.
CREATE TABLE event (
    event_id BIGINT NOT NULL,
    command_id UUID PRIMARY KEY,
    at_utc TIMESTAMP NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('person', 'run', 'rate', 'flag', 'comment', 'none', 'skip', 'undo')),
    person VARCHAR,
    entry_id VARCHAR,
    cui VARCHAR,
    rating TINYINT CHECK (rating BETWEEN 0 AND 5),
    flagged BOOLEAN,
    text VARCHAR,
    origin VARCHAR CHECK (origin IN ('candidate', 'search')),
    run VARCHAR,
    encoders VARCHAR[],
    rank SMALLINT,
    score FLOAT,
    position BIGINT,
    seconds FLOAT,
    undoes BIGINT
);
CREATE INDEX event_of_entry ON event (entry_id);

-- Small tables beside the ledger, so that a key-press need not look through it; their rows come with its events.
CREATE TABLE person (event_id BIGINT NOT NULL, name VARCHAR PRIMARY KEY, language VARCHAR NOT NULL);
CREATE TABLE run_use (event_id BIGINT NOT NULL, fingerprint VARCHAR NOT NULL, at_utc TIMESTAMP NOT NULL);

-- What the pipeline proposed. Rows of a run lie together and in queue order, so that zone maps find them.
CREATE TABLE run (
    run_no INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL,
    encoders VARCHAR[] NOT NULL,
    manifest VARCHAR NOT NULL,
    entries BIGINT NOT NULL,
    alignments BIGINT NOT NULL
);

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
CREATE INDEX entry_of_id ON entry (entry_id);

CREATE TABLE alignment (
    run_no INTEGER NOT NULL,
    position BIGINT NOT NULL,
    rank SMALLINT NOT NULL,
    entry_id VARCHAR NOT NULL,
    cui VARCHAR NOT NULL,
    aui VARCHAR,
    name VARCHAR,
    lat VARCHAR,
    score FLOAT,
    encoders VARCHAR[],
    evidence STRUCT(encoder VARCHAR, rank SMALLINT, cosine FLOAT, score FLOAT)[]
);
