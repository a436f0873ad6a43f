/* store_fixture.h - a fresh store for each test, and writes in a line. */
#ifndef SERVER_STORE_STORE_FIXTURE_H
#define SERVER_STORE_STORE_FIXTURE_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "server/instant.h"
#include "server/store/store.h"

struct fixture {
    struct arena *arena;
    struct store *store;
    const struct viewer *viewer;
    char folder[64];
    char location[128];
};
static const struct str FIXTURE_GOAL = { "Goal", 4 }, FIXTURE_TASK = { "Task", 4 };
static const struct viewer FIXTURE_TESTER = { .is_tester = true };

static inline void fixture_reopen(struct fixture *f)
{
    struct issues issues;
    struct store_options options = { 0 };
    issues_init(&issues, f->arena, STR(""));
    if (f->store)
        store_close(f->store);
    f->store = store_open(f->location, &options, &issues);
    if (!f->store)
        fail_msg(STR_FMT, STR_ARG(issues.last->diagnostics));
}

static inline int fixture_open(void **state)
{
    struct arena *arena = arena_open();
    struct fixture *f = arena_alloc(arena, sizeof *f);
    f->arena = arena;
    f->viewer = &FIXTURE_TESTER;
    snprintf(f->folder, sizeof f->folder,
             "/tmp/tandem-store-XX"
             "XX"
             "XX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->location, sizeof f->location, "sqlite:%s/store.db", f->folder);
    fixture_reopen(f);
    *state = f;
    return 0;
}

static inline int fixture_close(void **state)
{
    static const char *const FILES[] = { "store.db", "store.db-wal", "store.db-shm",
                                         "store.db.lock" };
    struct fixture *f = *state;
    store_close(f->store);
    for (size_t i = 0; i < COUNT(FILES); i++) {
        char path[160];
        snprintf(path, sizeof path, "%s/%s", f->folder, FILES[i]);
        unlink(path);
    }
    int left = rmdir(f->folder);
    arena_close(f->arena);
    return left;
}

static inline int64_t fixture_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static inline void fixture_time(char *out, int64_t us)
{
    instant_write(out, us);
    out[INSTANT_LENGTH] = '\0';
}

/* A body {"resourceType":T,"id":I,"meta":{},"value":N}. */
static inline struct store_write fixture_write(struct fixture *f, const char *type, const char *id,
                                               int value)
{
    struct str body =
        str_print(f->arena, "{\"resourceType\":\"%s\",\"id\":\"%s\",\"meta\":{},\"value\":%d}",
                  type, id, value);
    return (struct store_write){ .method = STORE_UPDATE,
                                 .type = str_of(type),
                                 .id = str_of(id),
                                 .if_version = STORE_ANY_VERSION,
                                 .body = body,
                                 .meta_at = str_find_str(body, STR("\"meta\":{"), 0) + 8 };
}

static inline struct store_write fixture_deletion(const char *type, const char *id)
{
    return (struct store_write){ .method = STORE_DELETE,
                                 .type = str_of(type),
                                 .id = str_of(id),
                                 .if_version = STORE_ANY_VERSION };
}

static inline enum outcome fixture_commit_one(struct fixture *f, struct store_write *write)
{
    struct store_commit commit = { .writes = write, .write_count = 1 };
    return store_commit(f->store, &commit, f->arena);
}

static inline enum outcome fixture_put_value(struct fixture *f, const char *type, const char *id,
                                             int value)
{
    struct store_write write = fixture_write(f, type, id, value);
    return fixture_commit_one(f, &write);
}

static inline enum outcome fixture_put(struct fixture *f, const char *type, const char *id,
                                       const char *body)
{
    struct store_write write = fixture_write(f, type, id, 0);
    write.body = str_of(body);
    write.meta_at = str_find_str(write.body, STR("\"meta\":{"), 0) + 8;
    return fixture_commit_one(f, &write);
}
#endif
