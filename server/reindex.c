/* reindex.c - one thread that takes type by type, fifty records at a time. */
#include "server/reindex.h"

#include <assert.h>
#include <pthread.h>

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "server/interactions/integrity.h"
#include "server/search/state.h"
#include "server/store/rebuild.h"

enum { MOST_TYPES = 1000, RECORDS = 50 };

/* A type under way. before, now: states, see state.h. */
struct task {
    struct str type, before, now;
    uint64_t done, total;
    int64_t last; /* key of the record last done */
    size_t failed;
    bool is_waiting;
};
struct reindex {
    struct arena *arena; /* texts of tasks */
    struct store *store;
    struct str base_url; /* empty: links are not kept */
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed, rested;
    /* The thread reads these two without the lock while is_working. */
    struct search_indexer *indexer;
    struct definitions *definitions;
    bool is_working;
    unsigned followers; /* who wait for it to rest */
    bool has_changed;   /* the types without records are to be noted */
    bool is_closing;
    struct task tasks[MOST_TYPES];
    size_t task_count;
};

/* What the rows and links of a type depend on. */
static struct str state_of(const struct reindex *reindex, struct str type, struct arena *arena)
{
    struct str state = state_print(reindex->definitions, type, arena);
    return reindex->base_url.len ? str_print(arena, STR_FMT "#links 1\n", STR_ARG(state)) : state;
}

static struct str note_name(struct arena *arena, const char *kind, struct str type)
{
    return str_print(arena, "%s:" STR_FMT, kind, STR_ARG(type));
}

/* Under the lock. */
static struct task *find_task(struct reindex *reindex, struct str type)
{
    for (size_t i = 0; i < reindex->task_count; i++)
        if (str_equal(reindex->tasks[i].type, type))
            return &reindex->tasks[i];
    return NULL;
}

/* Under the lock. The place where an earlier run for the same definitions ended is kept with their
 * state: "key state". */
static void add_task(struct reindex *reindex, struct str type, struct str before, struct str now)
{
    if (find_task(reindex, type) || reindex->task_count == MOST_TYPES)
        return;
    struct task *task = &reindex->tasks[reindex->task_count++];
    struct arena *arena = reindex->arena;
    struct str place = rebuild_find_note(reindex->store, note_name(arena, "reindex", type), arena);
    struct str key = str_cut(&place, ' ');
    uint64_t last = 0;
    *task = (struct task){ .type = str_copy(arena, type),
                           .before = str_copy(arena, before),
                           .now = str_copy(arena, now),
                           .is_waiting = true };
    if (str_equal(place, now) && str_to_u64(&last, key))
        task->last = (int64_t)last;
}

static bool put_records(struct reindex *reindex, const struct task *task, size_t *failed,
                        size_t *count, int64_t *last)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct rebuild_record *records;
    size_t kept = 0;
    if (rebuild_next(reindex->store, task->type, task->last, RECORDS, arena, &records, count) !=
        OUTCOME_OK)
        return false;
    for (size_t i = 0; i < *count; i++) {
        struct issues issues;
        struct index_rows *rows = arena_alloc(arena, sizeof *rows);
        issues_init(&issues, arena, STR(""));
        const cJSON *tree = json_parse(records[i].body, arena, &issues);
        *last = records[i].key;
        if (tree && search_index(rows, reindex->indexer, tree, arena, &issues)) {
            struct rebuild_record *record = &records[kept++];
            struct str *links = NULL;
            *record = records[i];
            record->index = rows;
            if (reindex->base_url.len)
                integrity_links(&links, &record->link_count, tree, reindex->definitions,
                                reindex->base_url, arena);
            record->links = links;
        }
    }
    *failed = *count - kept;
    return !kept || rebuild_put(reindex->store, task->type, records, kept, arena) == OUTCOME_OK;
}

/* The state becomes the one that the index was made by; the place is forgotten. */
static void end_task(struct reindex *reindex, const struct task *task)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    const struct rebuild_note notes[] = {
        { note_name(arena, "index", task->type), task->now },
        { note_name(arena, "reindex", task->type), STR("") },
    };
    rebuild_set_notes(reindex->store, notes, COUNT(notes));
}

static void keep_place(struct reindex *reindex, const struct task *task, int64_t last)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    const struct rebuild_note note = {
        note_name(arena, "reindex", task->type),
        str_print(arena, "%lld " STR_FMT, (long long)last, STR_ARG(task->now)),
    };
    rebuild_set_notes(reindex->store, &note, 1);
}

/* Some records of the task; false when it can not go on. `task` is a copy. */
static bool go_on(struct reindex *reindex, const struct task *task)
{
    size_t count = 0, failed = 0;
    int64_t last = task->last;
    if (!put_records(reindex, task, &failed, &count, &last))
        return false;
    bool is_done = count < RECORDS;
    if (is_done)
        end_task(reindex, task);
    else
        keep_place(reindex, task, last);
    pthread_mutex_lock(&reindex->lock);
    struct task *own = find_task(reindex, task->type);
    own->done += count;
    own->failed += failed;
    own->last = last;
    own->is_waiting = !is_done;
    if (is_done)
        own->before = own->now;
    pthread_mutex_unlock(&reindex->lock);
    return true;
}

/* Types without records are indexed by today's definitions as soon as there are some. */
static void note_empty_types(struct reindex *reindex)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    size_t all = 0, used = 0;
    struct str *types = NULL;
    const struct str *names = definitions_resource_types(reindex->definitions, &all);
    if (rebuild_types(reindex->store, arena, &types, &used) != OUTCOME_OK)
        return;
    struct rebuild_note *notes = arena_array(arena, all + 1, sizeof *notes);
    size_t count = 0;
    for (size_t i = 0; i < all; i++) {
        bool is_used = false;
        for (size_t k = 0; k < used; k++)
            is_used = is_used || str_equal(types[k], names[i]);
        struct rebuild_note note = { note_name(arena, "index", names[i]),
                                     state_of(reindex, names[i], arena) };
        if (!is_used && !str_equal(rebuild_find_note(reindex->store, note.name, arena), note.text))
            notes[count++] = note;
    }
    if (count)
        rebuild_set_notes(reindex->store, notes, count);
}

/* The next task's copy, one that is not waiting when the definitions have changed; false when the
 * thread is to end. Waits for one. */
static bool take_task(struct reindex *reindex, struct task *task)
{
    bool has_task = false;
    pthread_mutex_lock(&reindex->lock);
    reindex->is_working = false;
    pthread_cond_broadcast(&reindex->rested);
    while (!reindex->is_closing && !has_task) {
        *task = (struct task){ .is_waiting = false };
        if (!reindex->followers && reindex->has_changed)
            break;
        for (size_t i = 0; i < reindex->task_count && !reindex->followers && !has_task; i++) {
            has_task = reindex->tasks[i].is_waiting;
            *task = reindex->tasks[i];
        }
        if (!has_task)
            pthread_cond_wait(&reindex->changed, &reindex->lock);
    }
    reindex->is_working = true;
    bool goes_on = !reindex->is_closing;
    pthread_mutex_unlock(&reindex->lock);
    return goes_on;
}

static void give_up(struct reindex *reindex, struct str type)
{
    pthread_mutex_lock(&reindex->lock);
    find_task(reindex, type)->is_waiting = false;
    pthread_mutex_unlock(&reindex->lock);
}

static void *run(void *argument)
{
    struct reindex *reindex = argument;
    struct task task;
    while (take_task(reindex, &task)) {
        if (!task.is_waiting) {
            pthread_mutex_lock(&reindex->lock);
            reindex->has_changed = false;
            pthread_mutex_unlock(&reindex->lock);
            note_empty_types(reindex);
            continue;
        }
        if (!task.total) {
            uint64_t total = rebuild_count(reindex->store, task.type);
            pthread_mutex_lock(&reindex->lock);
            find_task(reindex, task.type)->total = total;
            pthread_mutex_unlock(&reindex->lock);
        }
        if (!go_on(reindex, &task))
            give_up(reindex, task.type);
    }
    return NULL;
}

/* Under the lock, or before the thread begins. A type that is under way by other definitions begins
 * anew; one whose index is as it should be has nothing to do. */
static void renew_task(struct reindex *reindex, struct str type, struct str before, struct str now)
{
    struct task *task = find_task(reindex, type);
    bool is_same = str_equal(before, now);
    if (!task && !is_same)
        add_task(reindex, type, before, now);
    else if (task && !str_equal(task->now, now))
        *task = (struct task){ .type = task->type,
                               .before = str_copy(reindex->arena, before),
                               .now = str_copy(reindex->arena, now),
                               .is_waiting = !is_same };
}

static void find_tasks(struct reindex *reindex)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct str *types = NULL;
    size_t count = 0;
    if (rebuild_types(reindex->store, arena, &types, &count) != OUTCOME_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        struct str before =
            rebuild_find_note(reindex->store, note_name(arena, "index", types[i]), arena);
        struct str now = state_of(reindex, types[i], arena);
        renew_task(reindex, types[i], before, now);
    }
}

struct reindex *reindex_open(struct store *store, struct search_indexer *indexer,
                             struct definitions *definitions, const struct str *links)
{
    struct arena *arena = arena_open();
    struct reindex *reindex = arena_alloc(arena, sizeof *reindex);
    reindex->arena = arena;
    reindex->store = store;
    reindex->indexer = indexer;
    reindex->definitions = definitions;
    reindex->base_url = links ? str_copy(arena, *links) : STR("");
    pthread_mutex_init(&reindex->lock, NULL);
    pthread_cond_init(&reindex->changed, NULL);
    pthread_cond_init(&reindex->rested, NULL);
    reindex->is_working = reindex->has_changed = true;
    find_tasks(reindex);
    int failed = pthread_create(&reindex->thread, NULL, run, reindex);
    assert(!failed);
    (void)failed;
    return reindex;
}

void reindex_close(struct reindex *reindex)
{
    if (!reindex)
        return;
    pthread_mutex_lock(&reindex->lock);
    reindex->is_closing = true;
    pthread_cond_signal(&reindex->changed);
    pthread_mutex_unlock(&reindex->lock);
    pthread_join(reindex->thread, NULL);
    pthread_cond_destroy(&reindex->rested);
    pthread_cond_destroy(&reindex->changed);
    pthread_mutex_destroy(&reindex->lock);
    arena_close(reindex->arena);
}

void reindex_follow(struct reindex *reindex, struct search_indexer *indexer,
                    struct definitions *definitions, bool has_changed)
{
    pthread_mutex_lock(&reindex->lock);
    reindex->followers++;
    while (reindex->is_working)
        pthread_cond_wait(&reindex->rested, &reindex->lock);
    reindex->followers--;
    reindex->indexer = indexer;
    reindex->definitions = definitions;
    if (has_changed) {
        find_tasks(reindex);
        reindex->has_changed = true;
    }
    pthread_cond_signal(&reindex->changed);
    pthread_mutex_unlock(&reindex->lock);
}

void reindex_start(struct reindex *reindex, struct str type)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct str *types = NULL;
    size_t count = 0;
    if (rebuild_types(reindex->store, arena, &types, &count) != OUTCOME_OK)
        return;
    pthread_mutex_lock(&reindex->lock);
    for (size_t i = 0; i < count; i++) {
        if (type.len && !str_equal(type, types[i]))
            continue;
        struct task *task = find_task(reindex, types[i]);
        struct str now = state_of(reindex, types[i], arena);
        if (!task)
            add_task(reindex, types[i], now, now);
        else if (!task->is_waiting)
            *task = (struct task){
                .type = task->type, .before = task->before, .now = task->now, .is_waiting = true
            };
    }
    pthread_cond_signal(&reindex->changed);
    pthread_mutex_unlock(&reindex->lock);
}

bool reindex_is_ready(void *context, struct str type, struct str code)
{
    struct reindex *reindex = context;
    pthread_mutex_lock(&reindex->lock);
    const struct task *task = find_task(reindex, type);
    bool is_ready = !task || state_compare(task->before, task->now, code) != STATE_NEW;
    pthread_mutex_unlock(&reindex->lock);
    return is_ready;
}

void reindex_read(struct reindex *reindex, struct arena *arena, struct reindex_progress **progress,
                  size_t *count)
{
    pthread_mutex_lock(&reindex->lock);
    *count = reindex->task_count;
    *progress = arena_array(arena, *count + 1, sizeof **progress);
    for (size_t i = 0; i < *count; i++) {
        const struct task *task = &reindex->tasks[i];
        (*progress)[i] = (struct reindex_progress){ .type = task->type,
                                                    .done = task->done,
                                                    .total = task->total,
                                                    .is_waiting = task->is_waiting,
                                                    .failed = task->failed };
    }
    pthread_mutex_unlock(&reindex->lock);
}
