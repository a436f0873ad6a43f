/* validate.c - `tandem validate`: holds files against R4 and their profiles, without a server. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "profiles/validator/validator.h"
#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/terminology.h"
#include "server/cli/cli.h"
#include "server/cli/commands.h"
#include "server/cli/crew.h"
#include "server/cli/inputs.h"
#include "server/cli/policy.h"
#include "server/cli/report.h"
#include "server/cli/feed.h"
#include "server/cli/supporting.h"

enum { MOST_PROFILES = 64, MOST_FILE_BYTES = 1 << 30 };

struct checker {
    struct supporting supporting;
    struct terminology *terminology;
    struct validator *validator;
    struct str profiles[MOST_PROFILES];
    size_t profile_count;
    struct supporting_paths paths;
    enum report_format format;
    unsigned policy;
    unsigned threads;
    struct str now;
    struct report report;
};

/* One resource to judge: a file, or a line of one. */
struct job {
    const char *file;
    size_t line; /* 0: the whole file, which is read then */
    struct str text;
    bool is_last; /* of its file */
    struct str report;
    size_t errors, warnings;
};

static int print_usage(FILE *to, int code)
{
    fputs("usage: tandem validate [OPTION...] FILE|FOLDER...\n"
          "Holds FHIR resources, JSON or XML, against R4, the profiles that they claim and those\n"
          "named here; a claimed profile that is not here is a warning. A FILE is one resource;\n"
          "of NAME.ndjson each line is one. Of a FOLDER every .json, .xml and .ndjson below it is\n"
          "taken. All may be compressed (.gz, .bz2).\n"
          "  --profile URL      hold every resource against this profile too; may be repeated\n"
          "  --package PATH     a FHIR package (.tgz), a folder of one, or a database that\n"
          "                     `tandem package build` made (.db): its profiles and codes are "
          "known;\n"
          "                     may be repeated\n"
          "  --supporting FILE  one resource more, JSON or XML: a definition, or a record that\n"
          "                     references lead to; outweighs what packages say; may be "
          "repeated\n" POLICY_HELP
          "  --output FORMAT    text: one line an issue, file:line:column first; json: one\n"
          "                     OperationOutcome a line for each resource; junit: XML for a build\n"
          "                     server, one test case for each\n"
          "  --jobs N           threads; without it one for each processor\n"
          "Exit code 0: all are valid, 1: there are errors, 2: the command was misused.\n",
          to);
    return code;
}

static bool open_checker(struct checker *checker, struct arena *arena)
{
    if (!supporting_open(&checker->supporting, &checker->paths, arena))
        return false;
    checker->terminology = terminology_open(checker->supporting.definitions);
    checker->validator = validator_open(checker->supporting.definitions, checker->terminology);
    return true;
}

static void close_checker(struct checker *checker)
{
    validator_close(checker->validator);
    terminology_close(checker->terminology);
    supporting_close(&checker->supporting);
}

static void check(void *context, void *work, struct arena *arena)
{
    const struct checker *checker = context;
    struct job *job = work;
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct issues issues;
    issues_init(&issues, arena, STR(""));
    const cJSON *resource = NULL;
    if (job->line || feed_read_file(&job->text, job->file, MOST_FILE_BYTES, arena, &issues))
        resource = cli_parse(job->text, checker->supporting.definitions, arena, &issues);
    struct validation_request request = { .level = VALIDATION_FULL,
                                          .policy = checker->policy,
                                          .profiles = checker->profiles,
                                          .profile_count = checker->profile_count,
                                          .resolver = &checker->supporting.resolver,
                                          .now = checker->now,
                                          .scratch = scratch };
    if (resource)
        validator_check(checker->validator, resource, &request, &issues);
    const struct report_subject subject = { job->file, job->line,
                                            json_get_text(resource, "resourceType") };
    job->report = report_print(checker->format, &subject, &issues);
    job->errors = issues.errors;
    job->warnings = issues.count - issues.errors;
}

static void finish(void *context, void *work)
{
    struct checker *checker = context;
    const struct job *job = work;
    report_add(&checker->report, job->report, job->errors, job->warnings, job->is_last);
}

static void add_job(struct crew *crew, const struct job *job, struct arena *arena)
{
    struct job *kept = arena_alloc(arena, sizeof *kept);
    *kept = *job;
    crew_add(crew, kept, arena);
}

/* A line that can not be read ends its file with an error of its own. */
static void add_lines(struct crew *crew, struct checker *checker, const char *file)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, STR(""));
    struct feed *feed = feed_open(file, arena, &issues);
    struct job job = { .file = file, .line = 0 };
    while (feed) {
        struct arena *own = arena_open();
        job.line++;
        if (!feed_read_line(feed, &job.text, MOST_FILE_BYTES, own, &issues)) {
            arena_close(own);
            break;
        }
        if (str_trim(job.text).len)
            add_job(crew, &job, own);
        else
            arena_close(own);
    }
    if (feed)
        feed_close(feed);
    checker->report.done++;
    if (!issues.count)
        return;
    cli_print_issues(file, &issues);
    checker->report.broken++;
}

static void check_all(struct checker *checker, const struct inputs *inputs)
{
    const struct crew_work work = { checker, check, finish };
    struct crew *crew = crew_open(checker->threads, &work);
    for (size_t i = 0; i < inputs->count; i++) {
        const struct job job = { .file = inputs->paths[i], .is_last = true };
        if (inputs_is_lines(job.file))
            add_lines(crew, checker, job.file);
        else
            add_job(crew, &job, arena_open());
    }
    crew_close(crew);
}

static struct str now_text(char *room, size_t size)
{
    time_t now = time(NULL);
    struct tm parts;
    gmtime_r(&now, &parts);
    return (struct str){ room, strftime(room, size, "%Y-%m-%dT%H:%M:%SZ", &parts) };
}

static bool read_format(struct checker *checker, const char *name)
{
    static const char *const FORMATS[] = {
        [REPORT_TEXT] = "text", [REPORT_JSON] = "json", [REPORT_JUNIT] = "junit"
    };
    for (size_t i = 0; i < COUNT(FORMATS); i++)
        if (!strcmp(name, FORMATS[i])) {
            checker->format = (enum report_format)i;
            return true;
        }
    return false;
}

static bool read_threads(struct checker *checker, const char *text)
{
    int count;
    if (!str_to_int(&count, str_of(text)) || count < 1 || count > CREW_MOST_THREADS)
        return false;
    checker->threads = (unsigned)count;
    return true;
}

static bool take_option(struct checker *checker, int option, const char *value)
{
    struct supporting_paths *paths = &checker->paths;
    if (option == 'p' && checker->profile_count < MOST_PROFILES) {
        checker->profiles[checker->profile_count++] = str_of(value);
        return true;
    }
    if (option == 'k')
        return supporting_add(paths->packages, &paths->package_count, value);
    if (option == 's')
        return supporting_add(paths->files, &paths->file_count, value);
    if (option == 'o')
        return read_format(checker, value);
    if (option == 'u')
        return policy_choose(&checker->policy, "unknown", value);
    if (option == 'e')
        return policy_choose(&checker->policy, "examples", value);
    if (option == 'c')
        return policy_choose(&checker->policy, "canonicals", value);
    if (option == 't')
        return policy_choose(&checker->policy, "targets", value);
    return option == 'j' && read_threads(checker, value);
}

/* False when the command line is wrong. */
static bool read_options(struct checker *checker, int argc, char **argv, bool *wants_help)
{
    static const struct option OPTIONS[] = {
        { "output", required_argument, NULL, 'o' },
        { "profile", required_argument, NULL, 'p' },
        { "package", required_argument, NULL, 'k' },
        { "supporting", required_argument, NULL, 's' },
        { "jobs", required_argument, NULL, 'j' },
        { "unknown", required_argument, NULL, 'u' },
        { "examples", required_argument, NULL, 'e' },
        { "canonicals", required_argument, NULL, 'c' },
        { "targets", required_argument, NULL, 't' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    checker->threads = processors < 1                   ? 1
                       : processors > CREW_MOST_THREADS ? CREW_MOST_THREADS
                                                        : (unsigned)processors;
    for (int option; (option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1;) {
        if (option == 'h')
            return *wants_help = true;
        if (!take_option(checker, option, optarg))
            return false;
    }
    return optind < argc;
}

static int run(struct checker *checker, char *const *arguments, size_t count, struct arena *arena)
{
    struct issues issues;
    struct inputs inputs;
    issues_init(&issues, arena, STR(""));
    bool is_whole = inputs_find(&inputs, arguments, count, arena, &issues);
    cli_print_issues("tandem validate", &issues);
    if (!is_whole || !report_open(&checker->report, checker->format, inputs.count))
        return CLI_MISUSED;
    if (inputs.count == 1 && !inputs_is_lines(inputs.paths[0]))
        checker->threads = 1;
    check_all(checker, &inputs);
    bool is_written = report_close(&checker->report);
    return is_written && checker->report.broken == 0 ? CLI_DONE : CLI_FAILED;
}

int validate_run(int argc, char **argv)
{
    struct checker checker = { .policy =
                                   VALIDATION_CLAIMS_MAY_BE_UNKNOWN | VALIDATION_VITAL_SIGNS };
    bool wants_help = false;
    if (!read_options(&checker, argc, argv, &wants_help))
        return print_usage(stderr, CLI_MISUSED);
    if (wants_help)
        return print_usage(stdout, CLI_DONE);
    CLOSING_ARENA struct arena *arena = arena_open();
    char room[32];
    checker.now = now_text(room, sizeof room);
    if (!open_checker(&checker, arena)) {
        supporting_close(&checker.supporting);
        return CLI_MISUSED;
    }
    int code = run(&checker, argv + optind, (size_t)(argc - optind), arena);
    close_checker(&checker);
    return code;
}
