/* sqlite.c - opening and closing a store in a SQLite file; its table of functions. */
#include "server/store/sqlite/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "server/store/sqlite/apply.h"
#include "server/store/sqlite/explain.h"
#include "server/store/sqlite/find.h"
#include "server/store/sqlite/history.h"
#include "server/store/sqlite/house.h"
#include "server/store/sqlite/links.h"
#include "server/store/sqlite/read.h"
#include "server/store/sqlite/schema.h"
#include "server/store/sqlite/values.h"
#include "server/store/sqlite/words.h"
#include "server/store/uuid.h"

int64_t sqlite_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

struct sqlite_reader sqlite_borrow(struct sqlite *sqlite)
{
    struct sqlite_pool *pool = &sqlite->readers;
    pthread_mutex_lock(&pool->lock);
    while (!pool->free)
        pthread_cond_wait(&pool->freed, &pool->lock);
    struct db *db = pool->free;
    pool->free = db->next;
    pthread_mutex_unlock(&pool->lock);
    return (struct sqlite_reader){ sqlite, db };
}

void sqlite_give_back(struct sqlite_reader *reader)
{
    struct sqlite_pool *pool = &reader->sqlite->readers;
    pthread_mutex_lock(&pool->lock);
    reader->db->next = pool->free;
    pool->free = reader->db;
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->lock);
}

/* Two processes on one file would each believe itself the one writer. The lock goes with the
 * process, however that ends. */
static bool lock_store(struct sqlite *sqlite, struct issues *issues)
{
    struct str path = str_print(sqlite->arena, "%s.lock", sqlite->path);
    sqlite->lock_file = open(path.data, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (sqlite->lock_file < 0)
        return issue_add(issues, NULL, ISSUE_STORE_FAILED, "%s can not be opened: %s", path.data,
                         strerror(errno));
    if (flock(sqlite->lock_file, LOCK_EX | LOCK_NB))
        return issue_add(issues, NULL, ISSUE_STORE_FAILED, "%s is in use by another process",
                         sqlite->path);
    return true;
}

static bool set(struct db *db, const char *name, struct str blob, int64_t number)
{
    sqlite3_stmt *add = db_sql(db, SQL_SETTING_SET);
    db_bind_text(add, 1, str_of(name));
    if (blob.len)
        db_bind_blob(add, 2, blob);
    else
        db_bind(add, 2, number);
    return db_done(add);
}

/* What is decided when the store is made: its seal key, and whether it is a developer's. */
static bool found_settings(struct sqlite *sqlite, struct db *db)
{
    RESETTING sqlite3_stmt *find = db_sql(db, SQL_SETTING_FIND);
    db_bind_text(find, 1, STR("seal"));
    if (sqlite3_step(find) == SQLITE_ROW) {
        struct str seal = db_column(find, 0);
        if (seal.len == SQLITE_SEAL_LENGTH)
            memcpy(sqlite->seal, seal.data, seal.len);
        return seal.len == SQLITE_SEAL_LENGTH;
    }
    sqlite3_reset(find);
    uuid_random(sqlite->seal, sizeof sqlite->seal);
    struct str seal = { (const char *)sqlite->seal, sizeof sqlite->seal };
    return db_run(db, SQL_BEGIN_IMMEDIATE) && set(db, "dev", STR(""), sqlite->options.is_dev) &&
           set(db, "seal", seal, 0) && db_run(db, SQL_COMMIT);
}

static bool check_dev(struct sqlite *sqlite, struct db *db, struct issues *issues)
{
    sqlite3_stmt *find = db_sql(db, SQL_SETTING_FIND);
    db_bind_text(find, 1, STR("dev"));
    bool is_dev = db_number(find, 0) != 0;
    if (is_dev == sqlite->options.is_dev)
        return true;
    return issue_add(issues, NULL, ISSUE_STORE_FAILED, "%s was made %s --dev: it is not opened %s",
                     sqlite->path, is_dev ? "with" : "without", is_dev ? "without" : "with");
}

static bool open_readers(struct sqlite *sqlite, struct issues *issues)
{
    struct sqlite_pool *pool = &sqlite->readers;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->freed, NULL);
    pool->all = arena_array(sqlite->arena, sqlite->options.readers, sizeof *pool->all);
    while (pool->count < sqlite->options.readers) {
        struct db *db = db_open(sqlite->path, false, sqlite->arena, issues);
        if (!db)
            return false;
        pool->all[pool->count++] = db;
        if (!db_ready(db) || !words_register(db, &sqlite->bodies))
            return issue_add(issues, NULL, ISSUE_STORE_FAILED, "%s: %s", sqlite->path,
                             sqlite3_errmsg(db->handle));
        db->next = pool->free;
        pool->free = db;
    }
    return true;
}

static bool open_all(struct sqlite *sqlite, struct issues *issues)
{
    bool is_new;
    if (!lock_store(sqlite, issues))
        return false;
    struct db *db = db_open(sqlite->path, true, sqlite->arena, issues);
    sqlite->writer.db = db;
    if (!db || !schema_bring_up(db, &is_new, issues))
        return false;
    if (!db_ready(db) || !found_settings(sqlite, db) || !names_load(&sqlite->names, db) ||
        !bodies_load(&sqlite->bodies, db) || !words_register(db, &sqlite->bodies))
        return issue_add(issues, NULL, ISSUE_STORE_FAILED, "%s: %s", sqlite->path,
                         sqlite3_errmsg(db->handle));
    return check_dev(sqlite, db, issues) && open_readers(sqlite, issues) &&
           (writer_open(sqlite, db) ||
            issue_add(issues, NULL, ISSUE_STORE_FAILED, "the writer can not be started"));
}

static void sqlite_close(struct store *store)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    struct arena *arena = sqlite->arena;
    writer_close(sqlite);
    for (size_t i = 0; i < sqlite->readers.count; i++)
        db_close(sqlite->readers.all[i]);
    db_close(sqlite->writer.db);
    names_done(&sqlite->names);
    bodies_done(&sqlite->bodies);
    recent_done(&sqlite->recent);
    outbox_done(&sqlite->outbox);
    if (sqlite->lock_file >= 0)
        close(sqlite->lock_file);
    arena_close(arena);
}

static struct store *sqlite_open(struct str place, const struct store_options *options,
                                 struct issues *issues)
{
    struct arena *arena = arena_open();
    struct sqlite *sqlite = arena_alloc(arena, sizeof *sqlite);
    sqlite->store.backend = &sqlite_backend;
    sqlite->arena = arena;
    sqlite->path = str_cstr(arena, place);
    sqlite->lock_file = -1;
    sqlite->options = *options;
    if (!sqlite->options.readers)
        sqlite->options.readers = SQLITE_DEFAULT_READERS;
    if (!sqlite->options.page_life_seconds)
        sqlite->options.page_life_seconds = SQLITE_DEFAULT_PAGE_LIFE;
    outbox_init(&sqlite->outbox);
    recent_init(&sqlite->recent, arena);
    if (open_all(sqlite, issues))
        return &sqlite->store;
    sqlite_close(&sqlite->store);
    return NULL;
}

static const uint8_t *sqlite_seal_key(const struct store *store)
{
    return ((const struct sqlite *)store)->seal;
}

static uint64_t sqlite_commit_number(struct store *store)
{
    return atomic_load(&((struct sqlite *)store)->writer.durable);
}

static uint64_t sqlite_group_count(struct store *store)
{
    return atomic_load_explicit(&((struct sqlite *)store)->writer.groups, memory_order_relaxed);
}

const struct backend sqlite_backend = {
    .scheme = "sqlite",
    .open = sqlite_open,
    .close = sqlite_close,
    .read = read_version,
    .search = find_page,
    .explain = explain_plan,
    .history = history_read,
    .referrers = links_referrers,
    .values = values_list,
    .commit = apply_commit,
    .commit_begin = apply_commit_begin,
    .find_answer = read_answer,
    .guard_version = read_guard,
    .jobs_take = outbox_take,
    .job_done = outbox_finish,
    .job_retry = outbox_retry,
    .jobs_waiting = outbox_waiting,
    .jobs_next = outbox_next,
    .timed_take = outbox_timed_take,
    .timed_next = outbox_timed_next,
    .seal_key = sqlite_seal_key,
    .commit_number = sqlite_commit_number,
    .group_count = sqlite_group_count,
    .keep_house = house_keep,
    .rebuild = &rebuild_sqlite,
    .errand = &errand_sqlite,
};
