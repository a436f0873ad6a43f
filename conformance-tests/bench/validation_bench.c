/* validation_bench.c - how fast resources are validated: files read and parsed before, then held
 * against R4 (and a guide), in CPU time of one thread.
 * usage: validation_bench [-g GUIDE.db] [-p] [-r ROUNDS] FILE... -p: every invariant by FHIRPath.
 * Prints one line of JSON. digest is over all issues: equal for equal verdicts. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "profiles/validator/validator.h"
#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/terminology.h"

enum { MOST_FILE = 256 << 20 };

struct sums {
    uint64_t resources, bytes, invariants, errors, issues, digest;
    double parsing, validating; /* seconds */
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static struct str read_file(const char *path, struct arena *arena)
{
    struct buf text;
    FILE *file = fopen(path, "rb");
    static char block[1 << 16];
    buf_init(&text, arena, MOST_FILE);
    for (size_t count; file && (count = fread(block, 1, sizeof block, file)) > 0;)
        buf_add(&text, (struct str){ block, count });
    if (file)
        fclose(file);
    return buf_str(&text);
}

/* FNV-1a. */
static void add_digest(struct sums *sums, struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        sums->digest = (sums->digest ^ (unsigned char)text.data[i]) * UINT64_C(1099511628211);
}

static void take_issues(struct sums *sums, const struct issues *issues)
{
    sums->errors += issues->errors;
    for (const struct issue *issue = issues->first; issue; issue = issue->next) {
        sums->issues++;
        add_digest(sums, issue->key);
        add_digest(sums, issue->expression);
        add_digest(sums, issue->diagnostics);
    }
}

/* Not inlined, so that callgrind can be told to count here alone. */
__attribute__((noinline)) static void validate(struct validator *validator, const cJSON *resource,
                                               const struct validation_request *request,
                                               struct issues *issues)
{
    validator_check(validator, resource, request, issues);
}

static void take_file(struct sums *sums, struct validator *validator, const char *path,
                      struct validation_request *request)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct issues issues;
    struct str text = read_file(path, arena);
    issues_init(&issues, arena, text);
    double start = now();
    const cJSON *resource = json_parse(text, arena, &issues);
    double middle = now();
    request->scratch = scratch;
    if (resource)
        validate(validator, resource, request, &issues);
    sums->validating += now() - middle;
    sums->parsing += middle - start;
    sums->bytes += text.len;
    size_t entries = json_count(json_get(resource, "entry"));
    sums->resources += entries ? entries : 1;
    take_issues(sums, &issues);
}

static struct validator *open_validator(const char *guide)
{
    const char *const paths[] = { "build/definitions.db", guide };
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, STR(""));
    struct definitions *definitions = definitions_open(paths, guide ? 2 : 1, &issues);
    return definitions ? validator_open(definitions, terminology_open(definitions)) : NULL;
}

int main(int argc, char **argv)
{
    struct sums sums = { .digest = UINT64_C(14695981039346656037) }, warm = { .digest = 0 };
    const char *guide = NULL;
    int rounds = 1;
    struct validation_request request = { .level = VALIDATION_FULL,
                                          .policy = VALIDATION_CLAIMS_MAY_BE_UNKNOWN,
                                          .now = STR("2026-01-01T00:00:00Z"),
                                          .invariants = &sums.invariants };
    for (int option; (option = getopt(argc, argv, "g:pr:")) != -1;)
        if (option == 'g')
            guide = optarg;
        else if (option == 'p')
            request.policy |= VALIDATION_PLAIN;
        else if (option == 'r')
            str_to_int(&rounds, str_of(optarg));
        else
            return 2;
    struct validator *validator = open_validator(guide);
    if (!validator || optind == argc)
        return 2;
    /* profiles are compiled when they are first needed */
    for (int i = optind; i < argc && i < optind + 12; i++)
        take_file(&warm, validator, argv[i], &request);
    sums.invariants = 0;
    for (int round = 0; round < rounds; round++)
        for (int i = optind; i < argc; i++)
            take_file(&sums, validator, argv[i], &request);
    printf("{\"resources\": %llu, \"bytes\": %llu, \"invariants\": %llu, \"errors\": %llu, "
           "\"issues\": %llu, \"digest\": \"%016llx\", \"parsing\": %.6f, \"validating\": %.6f}\n",
           (unsigned long long)sums.resources, (unsigned long long)sums.bytes,
           (unsigned long long)sums.invariants, (unsigned long long)sums.errors,
           (unsigned long long)sums.issues, (unsigned long long)sums.digest, sums.parsing,
           sums.validating);
    return 0;
}
