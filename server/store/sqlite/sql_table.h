/* sql_table.h - every fixed statement of the SQLite backend, prepared once a connection. */
#ifndef SERVER_STORE_SQLITE_SQL_TABLE_H
#define SERVER_STORE_SQLITE_SQL_TABLE_H

/* The columns that a version is made of, in the order read_row takes them. */
#define SQL_VERSION_COLUMNS                                                                        \
    "t.text, r.id, v.number, v.updated_us, v.method, o.text, b.meta_at, b.dictionary, b.bytes,"    \
    " c.text"
#define SQL_VERSION_JOINS                                                                          \
    " CROSS JOIN name t ON t.key = v.type LEFT JOIN name o ON o.key = v.owner"                     \
    " LEFT JOIN body b ON b.version = v.key LEFT JOIN name c ON c.key = v.context "

/* ?9: a JSON array of the types that the viewer may read; NULL: all. */
#define SQL_HISTORY_CONTEXT                                                                        \
    " (?9 IS NULL OR v.context = 0 OR v.context IN (SELECT value FROM json_each(?9)))"

/* Of a history: ?1 snapshot, ?2 key of the version before, ?3 since, and ?4 and ?5 the period in
 * which a version was current: until the next one was made; a deletion is only while it happens. */
#define SQL_HISTORY_RANGE                                                                          \
    " v.key < ?2 AND v.born <= ?1 AND v.updated_us >= ?3 AND v.updated_us < ?5 AND"                \
    " (v.updated_us >= ?4 OR v.method <> 2 AND coalesce((SELECT n.updated_us FROM version n"       \
    " WHERE n.resource = v.resource AND n.number = v.number + 1), 9223372036854775807) > ?4)"      \
    " AND" SQL_HISTORY_CONTEXT

#define SQL_TABLE(X)                                                                               \
    X(BEGIN, "BEGIN")                                                                              \
    X(BEGIN_IMMEDIATE, "BEGIN IMMEDIATE")                                                          \
    X(COMMIT, "COMMIT")                                                                            \
    X(ROLLBACK, "ROLLBACK")                                                                        \
    X(SAVEPOINT, "SAVEPOINT one")                                                                  \
    X(RELEASE, "RELEASE one")                                                                      \
    X(ROLLBACK_TO, "ROLLBACK TO one")                                                              \
    X(SNAPSHOT, "SELECT (SELECT max(number) FROM commits),"                                        \
                " (SELECT value FROM setting WHERE name = 'horizon')")                             \
    X(LAST_COMMIT, "SELECT number, at_us FROM commits ORDER BY number DESC LIMIT 1")               \
    X(LAST_VERSION, "SELECT max(key) FROM version")                                                \
    X(NAME_ALL, "SELECT key, kind, text FROM name ORDER BY key")                                   \
    X(NAME_FIND, "SELECT key FROM name WHERE kind = ? AND text = ?")                               \
    X(NAME_ADD, "INSERT INTO name(kind, text) VALUES(?, ?)")                                       \
    X(SETTING_FIND, "SELECT value FROM setting WHERE name = ?")                                    \
    X(SETTING_SET, "INSERT INTO setting(name, value) VALUES(?, ?)"                                 \
                   " ON CONFLICT(name) DO UPDATE SET value = excluded.value")                      \
    X(DICTIONARY_ALL, "SELECT key, bytes FROM dictionary ORDER BY key")                            \
    X(DICTIONARY_ADD, "INSERT INTO dictionary(key, bytes) VALUES(?, ?)")                           \
    X(READ_CURRENT, "SELECT " SQL_VERSION_COLUMNS                                                  \
                    " FROM resource r CROSS JOIN version v ON v.key = r.current" SQL_VERSION_JOINS \
                    "WHERE r.type = ? AND r.id = ?")                                               \
    X(READ_NUMBER, "SELECT " SQL_VERSION_COLUMNS                                                   \
                   " FROM resource r CROSS JOIN version v ON v.resource = r.key" SQL_VERSION_JOINS \
                   "WHERE r.type = ? AND r.id = ? AND v.number = ?")                               \
    X(READ_KEY, "SELECT " SQL_VERSION_COLUMNS                                                      \
                " FROM version v CROSS JOIN resource r ON r.key = v.resource" SQL_VERSION_JOINS    \
                "WHERE v.key = ?")                                                                 \
    X(HISTORY,                                                                                     \
      "SELECT v.key FROM resource r CROSS JOIN version v ON v.resource = r.key"                    \
      " WHERE r.type = ?7 AND r.id = ?8 AND" SQL_HISTORY_RANGE " ORDER BY v.number DESC LIMIT ?6") \
    X(HISTORY_COUNT, "SELECT count(*) FROM resource r CROSS JOIN version v ON v.resource = r.key"  \
                     " WHERE r.type = ?7 AND r.id = ?8 AND" SQL_HISTORY_RANGE)                     \
    X(HISTORY_EXISTS, "SELECT count(*) FROM resource r CROSS JOIN version v ON v.resource = r.key" \
                      " WHERE r.type = ?7 AND r.id = ?8 AND v.born <= ?1 AND v.ended > ?1 "        \
                      "AND" SQL_HISTORY_CONTEXT)                                                   \
    X(HISTORY_TYPE, "SELECT v.key FROM version v INDEXED BY version_type WHERE v.type = ?7 "       \
                    "AND" SQL_HISTORY_RANGE " ORDER BY v.key DESC LIMIT ?6")                       \
    X(HISTORY_ALL, "SELECT v.key FROM version v NOT INDEXED WHERE" SQL_HISTORY_RANGE               \
                   " ORDER BY v.key DESC LIMIT ?6")                                                \
    X(HISTORY_SOME, "SELECT v.key FROM version v NOT INDEXED WHERE" SQL_HISTORY_RANGE              \
                    " AND v.type IN (SELECT value FROM json_each(?7))"                             \
                    " ORDER BY v.key DESC LIMIT ?6")                                               \
    X(NAME_KIND, "SELECT key, text FROM name WHERE kind = ?")                                      \
    X(CURRENT, "SELECT r.key, v.key, v.number, v.method, v.hash, v.owner, v.labels, v.context"     \
               " FROM resource r CROSS JOIN version v ON v.key = r.current"                        \
               " WHERE r.type = ? AND r.id = ?")                                                   \
    X(RESOURCE_ADD, "INSERT INTO resource(type, id, current) VALUES(?, ?, ?)")                     \
    X(RESOURCE_SET, "UPDATE resource SET current = ? WHERE key = ?")                               \
    X(VERSION_ADD, "INSERT INTO version(key, resource, type, number, born, ended, updated_us,"     \
                   " method, owner, labels, is_indexed, hash, context)"                            \
                   " VALUES(?, ?, ?, ?, ?, 9223372036854775807, ?, ?, ?, ?, ?, ?, ?)")             \
    X(VERSION_END, "UPDATE version SET ended = ? WHERE key = ?")                                   \
    X(BODY_ADD, "INSERT INTO body(version, meta_at, dictionary, bytes) VALUES(?, ?, ?, ?)")        \
    X(TOKEN_ADD,                                                                                   \
      "INSERT OR IGNORE INTO token(version, parameter, system, code) VALUES(?, ?, ?, ?)")          \
    X(STRING_ADD,                                                                                  \
      "INSERT OR IGNORE INTO string(version, parameter, folded, exact) VALUES(?, ?, ?, ?)")        \
    X(DATE_ADD, "INSERT OR IGNORE INTO date(version, parameter, low, high) VALUES(?, ?, ?, ?)")    \
    X(REFERENCE_ADD, "INSERT OR IGNORE INTO reference(version, parameter, type, target)"           \
                     " VALUES(?, ?, ?, ?)")                                                        \
    X(URI_ADD, "INSERT OR IGNORE INTO uri(version, parameter, uri) VALUES(?, ?, ?)")               \
    X(NUMBER_ADD,                                                                                  \
      "INSERT OR IGNORE INTO number(version, parameter, low, high) VALUES(?, ?, ?, ?)")            \
    X(QUANTITY_ADD, "INSERT OR IGNORE INTO quantity(version, parameter, system, code, low, high)"  \
                    " VALUES(?, ?, ?, ?, ?, ?)")                                                   \
    X(PRESENCE_ADD, "INSERT OR IGNORE INTO presence(version, parameter) VALUES(?, ?)")             \
    X(COMPOSITE_ADD,                                                                               \
      "INSERT OR IGNORE INTO composite(version, parameter, text1, key1, low1, high1,"              \
      " text2, key2, low2, high2, text3, key3, low3, high3)"                                       \
      " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")                                         \
    X(POSITION_ADD, "INSERT OR IGNORE INTO position(version, parameter, latitude, longitude)"      \
                    " VALUES(?, ?, ?, ?)")                                                         \
    X(SIGNATURE_ADD,                                                                               \
      "INSERT OR REPLACE INTO signature(version, narrative, content) VALUES(?, ?, ?)")             \
    X(COMPARTMENT_ADD,                                                                             \
      "INSERT OR IGNORE INTO compartment(version, patient, type) VALUES(?, ?, ?)")                 \
    X(LINK_ADD, "INSERT OR IGNORE INTO link(target, version) VALUES(?, ?)")                        \
    X(LINK_FIND,                                                                                   \
      "SELECT t.text, r.id, (SELECT c.text FROM name c WHERE c.key = v.context)"                   \
      " FROM link l CROSS JOIN version v ON v.key = l.version"                                     \
      " CROSS JOIN resource r ON r.key = v.resource CROSS JOIN name t ON t.key = v.type"           \
      " WHERE l.target = ? AND v.ended = 9223372036854775807")                                     \
    X(LIVES, "SELECT 1 FROM name t CROSS JOIN resource r ON r.type = t.key"                        \
             " CROSS JOIN version v ON v.key = r.current"                                          \
             " WHERE t.kind = 0 AND t.text = ? AND r.id = ? AND v.method <> 2")                    \
    X(SWEEP_ADD, "INSERT INTO sweep(ended, version) VALUES(?, ?)")                                 \
    X(COMMIT_ADD, "INSERT INTO commits(number, at_us) VALUES(?, ?)")                               \
    X(GUARD_FIND, "SELECT version FROM guard WHERE name = ?")                                      \
    X(GUARD_MOVE, "INSERT INTO guard(name, version) VALUES(?, 1)"                                  \
                  " ON CONFLICT(name) DO UPDATE SET version = version + 1")                        \
    X(JOB_ADD, "INSERT INTO job(kind, lane, name, payload, due_us) VALUES(?, ?, ?, ?, ?)"          \
               " ON CONFLICT(name) DO NOTHING")                                                    \
    X(JOB_DONE, "UPDATE job SET state = 1, payload = x'', due_us = ? WHERE key = ? AND state = 0") \
    X(JOB_RETRY, "UPDATE job SET attempts = attempts + 1, due_us = ? WHERE key = ? AND state = 0") \
    X(JOB_HEADS, "WITH RECURSIVE lanes(lane) AS (SELECT min(lane) FROM job WHERE state = 0"        \
                 " UNION ALL SELECT (SELECT min(j.lane) FROM job j WHERE j.state = 0 AND j.lane >" \
                 " lanes.lane) FROM lanes WHERE lanes.lane IS NOT NULL)"                           \
                 " SELECT h.key, h.due_us"                                                         \
                 " FROM lanes CROSS JOIN job h ON h.key = (SELECT min(j.key) FROM job j"           \
                 " WHERE j.state = 0 AND j.lane = lanes.lane) WHERE lanes.lane IS NOT NULL"        \
                 " AND lanes.lane <> 'time' ORDER BY h.due_us, h.key")                             \
    X(JOB_TIMED, "SELECT key, due_us FROM job INDEXED BY job_timed WHERE state = 0"                \
                 " AND lane = 'time' ORDER BY due_us, key")                                        \
    X(JOB_READ, "SELECT kind, lane, name, payload, attempts, due_us FROM job WHERE key = ?")       \
    X(JOB_COUNT, "SELECT count(*) FROM (SELECT 1 FROM job WHERE state = 0 AND lane = ? LIMIT ?)")  \
    X(JOB_SWEEP, "DELETE FROM job WHERE key IN (SELECT key FROM job WHERE state = 1"               \
                 " AND due_us < ? LIMIT 500)")                                                     \
    X(ANSWER_FIND, "SELECT body_sha256, bytes, expires_us FROM answer"                             \
                   " WHERE client = ? AND key = ? AND expires_us > ?")                             \
    X(ANSWER_ADD, "INSERT INTO answer(client, key, body_sha256, bytes, expires_us)"                \
                  " VALUES(?, ?, ?, ?, ?) ON CONFLICT(client, key) DO UPDATE SET"                  \
                  " body_sha256 = excluded.body_sha256, bytes = excluded.bytes,"                   \
                  " expires_us = excluded.expires_us WHERE answer.expires_us <= ?")                \
    X(ANSWER_SWEEP, "DELETE FROM answer WHERE (client, key) IN (SELECT client, key FROM answer"    \
                    " WHERE expires_us <= ? LIMIT 500)")                                           \
    X(AUDIT_ADD, "INSERT INTO audit(number, at_us, dictionary, bytes) VALUES(?, ?, ?, ?)")         \
    X(ERRAND_COUNT, "SELECT count(*) FROM errand WHERE client = ?")                                \
    X(ERRAND_ADD, "INSERT INTO errand(id, client, state, is_write, request, created_us)"           \
                  " VALUES(?, ?, 0, ?, ?, ?)")                                                     \
    X(ERRAND_NEXT, "SELECT e.id, e.client, e.is_write, e.request, e.created_us FROM errand e"      \
                   " WHERE e.state = 0 ORDER BY (SELECT count(*) FROM errand o"                    \
                   " WHERE o.client = e.client AND o.state = 1), e.key LIMIT 1")                   \
    X(ERRAND_BEGIN, "UPDATE errand SET state = 1 WHERE id = ? AND state = 0")                      \
    X(ERRAND_FINISH, "UPDATE errand SET state = 2, request = x'', answer = ?, expires_us = ?"      \
                     " WHERE id = ? AND state = 1")                                                \
    X(ERRAND_DROP, "DELETE FROM errand WHERE client = ? AND id = ?")                               \
    X(ERRAND_FAIL, "UPDATE errand SET state = 2, request = x'', answer = ?, expires_us = ?"        \
                   " WHERE state = 1 AND is_write = 1")                                            \
    X(ERRAND_AGAIN, "UPDATE errand SET state = 0 WHERE state = 1")                                 \
    X(ERRAND_FIND, "SELECT state, answer, created_us, expires_us, (SELECT count(*) FROM errand o"  \
                   " WHERE o.client = e.client AND o.state < 2 AND o.key < e.key) FROM errand e"   \
                   " WHERE client = ? AND id = ?")                                                 \
    X(ERRAND_SWEEP, "DELETE FROM errand WHERE key IN (SELECT key FROM errand WHERE state = 2"      \
                    " AND expires_us <= ? LIMIT 100)")                                             \
    X(ERRAND_FILE_ADD, "INSERT INTO errand_file(number, bytes, errand)"                            \
                       " SELECT ?, ?, id FROM errand WHERE id = ? AND state = 1")                  \
    X(ERRAND_FILE_CLEAR, "DELETE FROM errand_file WHERE errand = ?")                               \
    X(ERRAND_FILE_FIND, "SELECT f.bytes FROM errand e CROSS JOIN errand_file f"                    \
                        " ON f.errand = e.id WHERE e.client = ? AND e.id = ?"                      \
                        " AND e.state = 2 AND f.number = ?")                                       \
    X(ERRAND_FILE_SWEEP, "DELETE FROM errand_file WHERE key IN (SELECT f.key"                      \
                         " FROM errand_file f WHERE NOT EXISTS (SELECT 1"                          \
                         " FROM errand e WHERE e.id = f.errand) LIMIT 4)")                         \
    X(HORIZON_FIND, "SELECT max(number) FROM commits WHERE number >= ? AND at_us <= ?")            \
    X(COMMITS_SWEEP, "DELETE FROM commits WHERE number < ?"                                        \
                     " AND number IN (SELECT number FROM commits ORDER BY number LIMIT 10000)")    \
    X(SWEEP_FIND, "SELECT ended, version FROM sweep WHERE ended <= ? ORDER BY ended, version"      \
                  " LIMIT 200")                                                                    \
    X(SWEEP_DONE, "DELETE FROM sweep WHERE ended = ? AND version = ?")                             \
    X(VERSION_UNINDEX, "UPDATE version SET is_indexed = 0 WHERE key = ?")                          \
    X(TOKEN_SWEEP, "DELETE FROM token WHERE version = ?")                                          \
    X(STRING_SWEEP, "DELETE FROM string WHERE version = ?")                                        \
    X(DATE_SWEEP, "DELETE FROM date WHERE version = ?")                                            \
    X(REFERENCE_SWEEP, "DELETE FROM reference WHERE version = ?")                                  \
    X(URI_SWEEP, "DELETE FROM uri WHERE version = ?")                                              \
    X(NUMBER_SWEEP, "DELETE FROM number WHERE version = ?")                                        \
    X(QUANTITY_SWEEP, "DELETE FROM quantity WHERE version = ?")                                    \
    X(PRESENCE_SWEEP, "DELETE FROM presence WHERE version = ?")                                    \
    X(COMPOSITE_SWEEP, "DELETE FROM composite WHERE version = ?")                                  \
    X(POSITION_SWEEP, "DELETE FROM position WHERE version = ?")                                    \
    X(LINK_SWEEP, "DELETE FROM link WHERE version = ?")                                            \
    X(SIGNATURE_SWEEP, "DELETE FROM signature WHERE version = ?")                                  \
    X(COMPARTMENT_SWEEP, "DELETE FROM compartment WHERE version = ?")                              \
    X(REBUILD_TYPES, "SELECT text FROM name WHERE kind = 0 AND EXISTS"                             \
                     " (SELECT 1 FROM resource WHERE type = name.key) ORDER BY key")               \
    X(REBUILD_COUNT, "SELECT count(*) FROM version WHERE type = ? AND is_indexed = 1"              \
                     " AND ended = 9223372036854775807")                                           \
    X(REBUILD_NEXT, "SELECT key FROM version NOT INDEXED WHERE type = ? AND key > ?"               \
                    " AND is_indexed = 1 AND ended = 9223372036854775807 ORDER BY key LIMIT ?")    \
    X(REBUILD_LIVES, "SELECT 1 FROM version WHERE key = ? AND is_indexed = 1"                      \
                     " AND ended = 9223372036854775807")                                           \
    X(SAMPLES, "SELECT dictionary, bytes FROM body ORDER BY version DESC LIMIT ?")

#define SQL_ENUM(id, text) SQL_##id,
enum sql { SQL_TABLE(SQL_ENUM) SQL_COUNT };
#endif
