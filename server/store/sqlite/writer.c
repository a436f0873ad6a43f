/* writer.c - the writer thread: takes what waits, runs each change, commits once. */
#include "server/store/sqlite/writer.h"

#include <string.h>

#include "resources/base/arena.h"
#include "server/store/sqlite/sqlite.h"

static struct writer_change *take_group(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    while (!writer->first && !writer->is_closing)
        pthread_cond_wait(&writer->waiting, &writer->lock);
    struct writer_change *group = writer->first, *last = group;
    for (size_t count = 1; last && last->next && count < WRITER_MOST_GROUP; count++)
        last = last->next;
    writer->first = last ? last->next : NULL;
    if (!writer->first)
        writer->last = NULL;
    if (last)
        last->next = NULL;
    pthread_mutex_unlock(&writer->lock);
    return group;
}

/* False when the group has to be undone: its transaction is lost (a full disk, a failed read), or a
 * change failed that had begun to write. Most that fail have not: guards and versions come first.
 */
static bool run_plainly(struct sqlite *sqlite, struct writer_change *change)
{
    struct writer *writer = &sqlite->writer;
    struct writer_state before = writer->state;
    int rows = sqlite3_total_changes(writer->db->handle);
    change->outcome = change->apply(sqlite, writer->db, change->context);
    if (change->outcome == OUTCOME_OK)
        return true;
    writer->state = before;
    return rows == sqlite3_total_changes(writer->db->handle);
}

/* The same where one failure must not touch the others: SQLite then copies each page that the
 * change writes to, which for a create is half as much work again. */
static bool run_apart(struct sqlite *sqlite, struct writer_change *change)
{
    struct writer *writer = &sqlite->writer;
    struct writer_state before = writer->state;
    if (!db_run(writer->db, SQL_SAVEPOINT))
        return false;
    change->outcome = change->apply(sqlite, writer->db, change->context);
    if (sqlite3_get_autocommit(writer->db->handle))
        return false;
    if (change->outcome != OUTCOME_OK) {
        writer->state = before;
        if (!db_run(writer->db, SQL_ROLLBACK_TO))
            return false;
    }
    return db_run(writer->db, SQL_RELEASE);
}

static bool run_all(struct sqlite *sqlite, struct writer_change *group, bool is_apart)
{
    struct db *db = sqlite->writer.db;
    bool ok = db_run(db, SQL_BEGIN_IMMEDIATE);
    for (struct writer_change *at = group; ok && at; at = at->next) {
        at->outcome = OUTCOME_FAILED;
        if (!at->ready || at->ready(sqlite, db, at->context))
            ok = is_apart ? run_apart(sqlite, at) : run_plainly(sqlite, at);
        ok = ok && !sqlite3_get_autocommit(db->handle);
    }
    return ok && db_run(db, SQL_COMMIT);
}

static void undo(struct sqlite *sqlite, const struct writer_state *before)
{
    if (!sqlite3_get_autocommit(sqlite->writer.db->handle))
        db_run(sqlite->writer.db, SQL_ROLLBACK);
    sqlite->writer.state = *before;
    names_load(&sqlite->names, sqlite->writer.db);
}

static void run_group(struct sqlite *sqlite, struct writer_change *group)
{
    struct writer_state before = sqlite->writer.state;
    bool is_done = false;
    for (int is_apart = 0; is_apart <= 1 && !is_done; is_apart++) {
        is_done = run_all(sqlite, group, is_apart);
        if (!is_done)
            undo(sqlite, &before);
    }
    if (is_done) {
        atomic_store(&sqlite->writer.durable, sqlite->writer.state.commit);
        atomic_fetch_add_explicit(&sqlite->writer.groups, 1, memory_order_relaxed);
    }
    for (struct writer_change *at = group; at && !is_done; at = at->next)
        at->outcome = OUTCOME_FAILED;
}

static void tell_group(struct writer_change *group)
{
    while (group) {
        /* Once told, its owner may return and the change is gone. */
        struct writer_change *next = group->next;
        group->told(group);
        group = next;
    }
}

static void *run_writer(void *argument)
{
    struct sqlite *sqlite = argument;
    struct writer_change *group;
    pthread_setname_np(pthread_self(), "writer");
    while ((group = take_group(&sqlite->writer))) {
        run_group(sqlite, group);
        tell_group(group);
    }
    return NULL;
}

bool writer_open(struct sqlite *sqlite, struct db *db)
{
    struct writer *writer = &sqlite->writer;
    writer->db = db;
    {
        RESETTING sqlite3_stmt *last = db_sql(db, SQL_LAST_COMMIT);
        if (sqlite3_step(last) == SQLITE_ROW) {
            writer->state.commit = (uint64_t)sqlite3_column_int64(last, 0);
            writer->state.updated_us = sqlite3_column_int64(last, 1);
        }
    }
    writer->state.version_key = db_number(db_sql(db, SQL_LAST_VERSION), 0);
    writer->opened_at = writer->state.commit;
    atomic_store(&writer->durable, writer->state.commit);
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->waiting, NULL);
    writer->is_running = pthread_create(&writer->thread, NULL, run_writer, sqlite) == 0;
    return writer->is_running;
}

void writer_close(struct sqlite *sqlite)
{
    struct writer *writer = &sqlite->writer;
    if (!writer->is_running)
        return;
    pthread_mutex_lock(&writer->lock);
    writer->is_closing = true;
    pthread_cond_signal(&writer->waiting);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
    pthread_cond_destroy(&writer->waiting);
    pthread_mutex_destroy(&writer->lock);
}

void writer_begin(struct sqlite *sqlite, struct writer_change *change)
{
    struct writer *writer = &sqlite->writer;
    change->next = NULL;
    pthread_mutex_lock(&writer->lock);
    bool was_idle = !writer->first;
    if (writer->last)
        writer->last->next = change;
    else
        writer->first = change;
    writer->last = change;
    pthread_mutex_unlock(&writer->lock);
    if (was_idle)
        pthread_cond_signal(&writer->waiting);
}

static void wake(struct writer_change *change)
{
    sem_post(&change->done);
}

enum outcome writer_run(struct sqlite *sqlite, struct writer_change *change)
{
    sem_init(&change->done, 0, 0);
    change->told = wake;
    writer_begin(sqlite, change);
    while (sem_wait(&change->done) != 0)
        ; /* a signal came between */
    sem_destroy(&change->done);
    return change->outcome;
}

void writer_touch(struct writer *writer, int64_t type)
{
    size_t at = (size_t)type;
    if (at >= writer->touched_room) {
        size_t room = at * 2 + 64;
        /* A few doublings in a store's life: the old ones stay in its arena. */
        struct sqlite *sqlite = (struct sqlite *)((char *)writer - offsetof(struct sqlite, writer));
        uint64_t *touched = arena_array(sqlite->arena, room, sizeof *touched);
        if (writer->touched_room)
            memcpy(touched, writer->touched, writer->touched_room * sizeof *touched);
        writer->touched = touched;
        writer->touched_room = room;
    }
    writer->touched[at] = writer->state.commit;
}

bool writer_is_touched(const struct writer *writer, int64_t type, uint64_t snapshot)
{
    if (snapshot < writer->opened_at)
        return true;
    return type > 0 && (size_t)type < writer->touched_room && writer->touched[type] > snapshot;
}

bool writer_has_deleted(const struct writer *writer, uint64_t snapshot)
{
    return snapshot < writer->opened_at || writer->deleted > snapshot;
}
