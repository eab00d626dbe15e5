-- More kinds of events, and what a team's say. DuckDB changes no CHECK: the ledger moves to a table without that one.
CREATE TABLE event_before AS SELECT * FROM event;
DROP TABLE event;
CREATE TABLE event (
    event_id BIGINT NOT NULL,
    command_id UUID PRIMARY KEY,
    at_utc TIMESTAMP NOT NULL,
    kind VARCHAR NOT NULL,
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
    undoes BIGINT,
    target VARCHAR,
    relation VARCHAR CHECK (relation IN ('exact', 'broader', 'narrower', 'related', 'none')),
    reason VARCHAR,
    blind BOOLEAN,
    queue VARCHAR
);
INSERT INTO event BY NAME SELECT * FROM event_before;
DROP TABLE event_before;
CREATE INDEX event_of_entry ON event (entry_id);

-- Who may do what, and what the project agreed on: the latest row of a name counts. Rows come with their events.
CREATE TABLE role_use (event_id BIGINT NOT NULL, name VARCHAR NOT NULL, role VARCHAR NOT NULL);
CREATE TABLE policy_use (event_id BIGINT NOT NULL, name VARCHAR NOT NULL, value VARCHAR NOT NULL);
-- Before there were roles everybody could do everything; they still can.
INSERT INTO role_use SELECT event_id, name, 'administrator' FROM person;

CREATE VIEW person_role AS
SELECT name, max_by(role, event_id) AS role FROM role_use GROUP BY name;
CREATE VIEW policy AS
SELECT name, max_by(value, event_id) AS value FROM policy_use GROUP BY name;

-- Who rates which entry, and for what: "main", or "calibration", which everybody rates first.
CREATE TABLE assignment (
    event_id BIGINT NOT NULL,
    entry_id VARCHAR NOT NULL,
    person VARCHAR NOT NULL,
    stage VARCHAR NOT NULL CHECK (stage IN ('main', 'calibration'))
);

CREATE OR REPLACE VIEW standing AS
SELECT e.*
FROM event e
ANTI JOIN (SELECT undoes FROM event WHERE undoes IS NOT NULL) u ON u.undoes = e.event_id
WHERE e.kind IN ('rate', 'again', 'flag', 'comment', 'none', 'absent', 'skip', 'say', 'decide', 'reopen');

-- The last rating, the last flag and the last words of a person on a pair. A skip counts until it is rated.
-- A second pass ("again") measures its rater and changes nothing here.
CREATE OR REPLACE VIEW judgement AS
WITH latest AS (
    SELECT
        entry_id, cui, person,
        max_by({rating: rating, origin: origin, run: run, encoders: encoders, rank: rank, score: score,
                position: position, seconds: seconds, relation: relation, reason: reason, blind: blind},
               event_id) FILTER (kind = 'rate') AS rate,
        max_by(origin, event_id) AS origin,
        max_by(flagged, event_id) FILTER (kind = 'flag') AS flagged,
        max_by(text, event_id) FILTER (kind IN ('comment', 'rate') AND text IS NOT NULL) AS comment,
        bool_or(kind = 'skip') AS skipped,
        max_by(at_utc, event_id) AS at_utc
    FROM standing
    WHERE kind IN ('rate', 'flag', 'comment', 'skip')
    GROUP BY entry_id, cui, person
)
SELECT
    entry_id, cui, person, rate.rating AS rating,
    coalesce(rate.origin, origin) AS origin,
    coalesce(flagged, FALSE) AS flagged,
    coalesce(comment, '') AS comment,
    skipped AND rate IS NULL AS skipped,
    at_utc, rate.run AS run, rate.encoders AS encoders, rate.rank AS rank, rate.score AS score,
    rate.position AS position, rate.seconds AS seconds,
    rate.relation AS relation, rate.reason AS reason, rate.blind AS blind
FROM latest;

-- "None of these" and "no concept exists": the later of the two, until the person rates a candidate 3 or more.
CREATE OR REPLACE VIEW verdict AS
SELECT entry_id, person, said.kind AS verdict, said.text AS comment, said.at_utc AS at_utc
FROM (
    SELECT
        entry_id, person,
        max_by({event_id: event_id, kind: kind, text: text, at_utc: at_utc}, event_id)
            FILTER (kind IN ('none', 'absent')) AS said,
        max(event_id) FILTER (kind = 'rate' AND origin = 'candidate' AND rating >= 3) AS fits
    FROM standing
    WHERE kind IN ('none', 'absent', 'rate')
    GROUP BY entry_id, person
)
WHERE said.event_id > coalesce(fits, -1);

-- The adjudicated rating of a pair: the last decision that was neither undone nor reopened since.
CREATE VIEW decision AS
SELECT entry_id, cui, last.person AS person, last.rating AS rating, last.relation AS relation,
       coalesce(last.text, '') AS text, last.at_utc AS at_utc, last.event_id AS event_id
FROM (
    SELECT entry_id, cui,
        max_by({event_id: event_id, kind: kind, person: person, rating: rating, relation: relation, text: text,
                at_utc: at_utc}, event_id) AS last
    FROM standing
    WHERE kind IN ('decide', 'reopen')
    GROUP BY entry_id, cui
)
WHERE last.kind = 'decide';

-- One row a pair that somebody rated or decided: the decision, else the lower median of the people's ratings.
-- Exports go by this and nothing else. The relation without a decision is the one that more than half of the raters
-- chose: of two that are equally frequent, mode() would give either.
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
