/* store_bench.c - the bare store under load: commits of one resource from a file, and reads of what
 * they made; the floor that HTTP figures are held against. */
#include <getopt.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"
#include "server/store/store.h"
#include "server/store/uuid.h"

enum { MOST_BODY = 16 << 20, MOST_THREADS = 1024, KEPT_IDS = 1 << 20 };

struct bench {
    struct store *store;
    struct definitions *definitions;
    struct search_indexer *indexer;
    const cJSON *resource;
    struct str type;
    int threads, batch, seconds;
    bool is_writing_alone;
    const char *query;
    atomic_bool is_over;
    atomic_ulong done, ids, rows;
    char (*kept)[UUID_LENGTH]; /* ids that were written, to read */
};
static const struct viewer TESTER = { .is_tester = true };

/* What this process has had of the processors, in seconds. */
static double cpu_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int fail(const char *what, struct str why)
{
    fprintf(stderr, "store_bench: %s " STR_FMT "\n", what, STR_ARG(why));
    return 1;
}

/* What the resource refers to, once each. */
static void add_links(struct store_write *write, const cJSON *parent, struct arena *arena)
{
    enum { MOST_LINKS = 64 };
    if (!write->links)
        write->links = arena_array(arena, MOST_LINKS, sizeof *write->links);
    for (const cJSON *child = parent->child; child; child = child->next) {
        struct str text = json_text(child);
        bool is_link = child->string && !strcmp(child->string, "reference") && text.len;
        for (size_t i = 0; is_link && i < write->link_count; i++)
            is_link = !str_equal(write->links[i], text);
        if (is_link && write->link_count < MOST_LINKS)
            ((struct str *)(uintptr_t)write->links)[write->link_count++] = text;
        add_links(write, child, arena);
    }
}

/* The resource under an id of its own, with what the REST layer would have made of it beforehand.
 */
static bool make_write(struct store_write *write, const struct bench *bench, struct arena *arena)
{
    struct issues issues;
    struct buf out;
    issues_init(&issues, arena, STR(""));
    cJSON *own = json_copy(arena, bench->resource), *meta = json_get(own, "meta");
    struct str id = uuid_make(arena);
    if (!meta)
        meta = json_set_after(arena, own, "id", "meta", json_new_object(arena));
    json_set_after(arena, own, "resourceType", "id", json_new_string(arena, id));
    json_remove(meta, "versionId");
    json_remove(meta, "lastUpdated");
    struct index_rows *rows = arena_alloc(arena, sizeof *rows);
    if (!search_index(rows, bench->indexer, own, arena, &issues))
        return false;
    buf_init(&out, arena, MOST_BODY);
    json_print(&out, own);
    *write = (struct store_write){
        .method = STORE_CREATE, .type = bench->type, .id = id, .body = buf_str(&out), .index = rows
    };
    add_links(write, own, arena);
    write->meta_at = str_find_str(write->body, STR("\"meta\":{"), 0) + 8;
    return write->meta_at < write->body.len;
}

/* Such as the REST layer makes of a create. */
static struct str make_audit(const struct store_write *write, struct arena *arena)
{
    return str_print(
        arena,
        "{\"resourceType\":\"AuditEvent\",\"type\":{\"system\":"
        "\"http://terminology.hl7.org/CodeSystem/audit-event-type\",\"code\":\"rest\"},"
        "\"subtype\":[{\"system\":\"http://hl7.org/fhir/restful-interaction\","
        "\"code\":\"create\"}],\"action\":\"C\",\"recorded\":\"2026-11-22T01:37:41.056Z\","
        "\"outcome\":\"0\",\"agent\":[{\"who\":{\"reference\":\"Organization/mltc-empire\","
        "\"identifier\":{\"value\":\"mltc\"}},\"requestor\":true}],\"source\":{\"observer\":"
        "{\"display\":\"https://localhost:8443/fhir\"}},"
        "\"entity\":[{\"what\":{\"reference\":\"" STR_FMT "/" STR_FMT "\"}}]}",
        STR_ARG(write->type), STR_ARG(write->id));
}

static void *run_writer(void *argument)
{
    struct bench *bench = argument;
    CLOSING_ARENA struct arena *kept = arena_open();
    struct store_write *writes = arena_array(kept, (size_t)bench->batch, sizeof *writes);
    for (int i = 0; i < bench->batch; i++)
        if (!make_write(&writes[i], bench, kept))
            exit(fail("the resource has no meta or type:", bench->type));
    while (!atomic_load(&bench->is_over)) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct store_commit commit = { .writes = writes, .write_count = (size_t)bench->batch };
        for (int i = 0; i < bench->batch; i++)
            writes[i].id = uuid_make(arena);
        struct str audit = make_audit(writes, arena);
        commit.audits = &audit;
        commit.audit_count = 1;
        if (store_commit(bench->store, &commit, arena) != OUTCOME_OK)
            exit(fail("a commit failed", STR("")));
        for (int i = 0; i < bench->batch; i++) {
            unsigned long slot = atomic_fetch_add(&bench->ids, 1);
            if (slot < KEPT_IDS)
                memcpy(bench->kept[slot], writes[i].id.data, UUID_LENGTH);
        }
        atomic_fetch_add(&bench->done, 1);
    }
    return NULL;
}

static void *run_reader(void *argument)
{
    struct bench *bench = argument;
    unsigned long count = atomic_load(&bench->ids), at = (unsigned long)(uintptr_t)&count;
    count = count < KEPT_IDS ? count : KEPT_IDS;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct arena_mark mark = arena_mark(arena);
    while (!atomic_load(&bench->is_over)) {
        struct store_version version;
        at = at * 6364136223846793005u + 1442695040888963407u;
        struct str id = { bench->kept[(at >> 33) % count], UUID_LENGTH };
        if (store_read(bench->store, &TESTER, bench->type, id, 0, arena, &version) != OUTCOME_OK)
            exit(fail("not found:", id));
        arena_reset(arena, mark);
        atomic_fetch_add(&bench->done, 1);
    }
    return NULL;
}

static void *run_searcher(void *argument)
{
    struct bench *bench = argument;
    while (!atomic_load(&bench->is_over)) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct issues issues;
        struct search_pair *pairs = NULL;
        size_t count;
        struct search_plan plan;
        struct store_page page;
        const struct search_context context = { .definitions = bench->definitions };
        issues_init(&issues, arena, STR(""));
        if (!search_split(&pairs, &count, str_of(bench->query), arena, &issues) ||
            !search_parse(&plan, bench->type, pairs, count, &context, arena, &issues) ||
            store_search(bench->store, &TESTER, &plan, 0, STR(""), arena, &page) != OUTCOME_OK)
            exit(fail("the search failed:", str_of(bench->query)));
        atomic_fetch_add(&bench->done, 1);
    }
    return NULL;
}

/* What comes before a commit and is not the store's: extracting the index rows. */
static void *run_indexer(void *argument)
{
    struct bench *bench = argument;
    while (!atomic_load(&bench->is_over)) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct issues issues;
        struct index_rows rows;
        issues_init(&issues, arena, STR(""));
        if (!search_index(&rows, bench->indexer, bench->resource, arena, &issues))
            exit(fail("not indexed:", bench->type));
        atomic_store(&bench->rows, rows.count);
        atomic_fetch_add(&bench->done, 1);
    }
    return NULL;
}

static double measure(struct bench *bench, void *(*run)(void *))
{
    pthread_t threads[MOST_THREADS];
    atomic_store(&bench->is_over, false);
    atomic_store(&bench->done, 0);
    double start = now();
    for (int i = 0; i < bench->threads; i++)
        pthread_create(&threads[i], NULL, run, bench);
    sleep((unsigned)bench->seconds);
    atomic_store(&bench->is_over, true);
    for (int i = 0; i < bench->threads; i++)
        pthread_join(threads[i], NULL);
    return (double)atomic_load(&bench->done) / (now() - start);
}

static bool open_all(struct bench *bench, const char *location, const char *file,
                     struct arena *arena)
{
    static const char *const PATHS[] = { "build/definitions.db" };
    struct store_options options = { .readers = (unsigned)bench->threads };
    struct issues issues;
    char *text = arena_alloc_raw(arena, MOST_BODY);
    issues_init(&issues, arena, STR(""));
    FILE *from = fopen(file, "rb");
    struct str read = { text, from ? fread(text, 1, MOST_BODY, from) : 0 };
    if (from)
        fclose(from);
    bench->resource = json_parse(read, arena, &issues);
    bench->type = json_get_text(bench->resource, "resourceType");
    bench->definitions = definitions_open(PATHS, COUNT(PATHS), &issues);
    bench->store = issues.count ? NULL : store_open(location, &options, &issues);
    if (issues.first)
        fail("can not begin:", issues.first->diagnostics);
    if (bench->store)
        bench->indexer = search_indexer_open(bench->definitions, STR("http://localhost/fhir"));
    return bench->store != NULL;
}

static void measure_rest(struct bench *bench)
{
    printf("%d threads: %.0f reads/s\n", bench->threads, measure(bench, run_reader));
    double indexed = measure(bench, run_indexer);
    printf("%d threads: %.0f resources/s indexed, %lu rows each\n", bench->threads, indexed,
           atomic_load(&bench->rows));
    if (bench->query)
        printf("%d threads: %.0f searches/s for %s\n", bench->threads, measure(bench, run_searcher),
               bench->query);
}

static int usage(void)
{
    fputs("usage: store_bench [-t THREADS] [-b RESOURCES-A-COMMIT] [-s SECONDS] [-w] [-q QUERY]"
          " sqlite:PATH RESOURCE.json\n",
          stderr);
    return 2;
}

int main(int argc, char **argv)
{
    struct bench bench = { .threads = 1, .batch = 1, .seconds = 5 };
    int option;
    while ((option = getopt(argc, argv, "t:b:s:q:w")) != -1) {
        int *number = option == 't'   ? &bench.threads
                      : option == 'b' ? &bench.batch
                      : option == 's' ? &bench.seconds
                                      : NULL;
        if (option == 'q')
            bench.query = optarg;
        else if (option == 'w')
            bench.is_writing_alone = true;
        else if (!number || !str_to_int(number, str_of(optarg)) || *number < 1)
            return usage();
    }
    if (argc - optind != 2 || bench.threads > MOST_THREADS)
        return usage();
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* as tandem serve does */
    CLOSING_ARENA struct arena *arena = arena_open();
    bench.kept = arena_array(arena, KEPT_IDS, sizeof *bench.kept);
    if (!open_all(&bench, argv[optind], argv[optind + 1], arena))
        return 1;
    double cpu = cpu_seconds(), commits = measure(&bench, run_writer);
    double group = (double)atomic_load(&bench.done) / (double)store_group_count(bench.store);
    cpu = (cpu_seconds() - cpu) / (double)atomic_load(&bench.done) / bench.batch;
    printf("%d threads, %d a commit: %.0f commits/s, %.0f resources/s, %.0f us of CPU each;"
           " %.1f commits a group\n",
           bench.threads, bench.batch, commits, commits * bench.batch, cpu * 1e6, group);
    if (!bench.is_writing_alone)
        measure_rest(&bench);
    store_close(bench.store);
    search_indexer_close(bench.indexer);
    definitions_close(bench.definitions);
    return 0;
}
