/* validate.c - `tandem validate`: holds files against R4 and their profiles, without a server. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "profiles/validator/validator.h"
#include "resources/base/arena.h"
#include "resources/fhir/terminology/terminology.h"
#include "server/cli/cli.h"
#include "server/cli/commands.h"
#include "server/cli/supporting.h"
#include "server/interactions/outcome.h"

enum { MOST_PROFILES = 64, MOST_FILE_BYTES = 128 << 20 };

struct checker {
    struct supporting supporting;
    struct terminology *terminology;
    struct validator *validator;
    struct str profiles[MOST_PROFILES];
    size_t profile_count;
    struct supporting_paths paths;
    bool as_json;
    struct str now;
};

static int print_usage(FILE *to, int code)
{
    fputs(
        "usage: tandem validate [--output text|json] [--profile URL]... [--package PATH]...\n"
        "                       [--supporting FILE]... FILE...\n"
        "Holds each file, a FHIR resource as JSON or XML, against R4, the profiles that it\n"
        "claims and those named here.\n"
        "  --package PATH     a FHIR package (.tgz), a folder of one, or a database that\n"
        "                     `tandem package build` made (.db): its profiles and codes are known\n"
        "  --supporting FILE  one resource more, JSON or XML: a definition, or a record that\n"
        "                     references lead to. Outweighs what packages say.\n"
        "  --output text      one line an issue, file:line:column first\n"
        "  --output json      one OperationOutcome a line for each file\n"
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

static void print_text(const char *file, const struct issues *issues)
{
    size_t shown = 0;
    for (const struct issue *issue = issues->first; issue; issue = issue->next, shown++) {
        printf("%s:%d:%d: %s: " STR_FMT, file, issue->line, issue->column,
               issue_severity_code(issue->severity), STR_ARG(issue->expression));
        printf("%s" STR_FMT ": " STR_FMT, issue->expression.len ? ": " : "", STR_ARG(issue->key),
               STR_ARG(issue->text));
        if (issue->diagnostics.len)
            printf(" (" STR_FMT ")", STR_ARG(issue->diagnostics));
        if (issue->profile.len)
            printf(" [" STR_FMT "]", STR_ARG(issue->profile));
        putchar('\n');
    }
    if (issues->count > shown)
        printf("%s: %zu further issues are not shown\n", file, issues->count - shown);
}

/* True when the file is valid. */
static bool check_file(struct checker *checker, const char *file)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct issues issues;
    struct str text;
    issues_init(&issues, arena, STR(""));
    const cJSON *resource = NULL;
    if (cli_read_file(&text, file, MOST_FILE_BYTES, arena, &issues))
        resource = cli_parse(text, checker->supporting.definitions, arena, &issues);
    struct validation_request request = { .level = VALIDATION_FULL,
                                          .profiles = checker->profiles,
                                          .profile_count = checker->profile_count,
                                          .resolver = &checker->supporting.resolver,
                                          .now = checker->now,
                                          .scratch = scratch };
    if (resource)
        validator_check(checker->validator, resource, &request, &issues);
    if (checker->as_json)
        puts(outcome_print(&issues).data);
    else
        print_text(file, &issues);
    return issues.errors == 0;
}

static struct str now_text(char *room, size_t size)
{
    time_t now = time(NULL);
    struct tm parts;
    gmtime_r(&now, &parts);
    return (struct str){ room, strftime(room, size, "%Y-%m-%dT%H:%M:%SZ", &parts) };
}

/* False when the command line is wrong. */
static bool read_options(struct checker *checker, int argc, char **argv, bool *wants_help)
{
    static const struct option OPTIONS[] = {
        { "output", required_argument, NULL, 'o' },  { "profile", required_argument, NULL, 'p' },
        { "package", required_argument, NULL, 'k' }, { "supporting", required_argument, NULL, 's' },
        { "help", no_argument, NULL, 'h' },          { NULL, 0, NULL, 0 },
    };
    struct supporting_paths *paths = &checker->paths;
    for (int option; (option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1;) {
        bool is_taken = true;
        if (option == 'h')
            return *wants_help = true;
        if (option == 'k')
            is_taken = supporting_add(paths->packages, &paths->package_count, optarg);
        else if (option == 's')
            is_taken = supporting_add(paths->files, &paths->file_count, optarg);
        else if (option == 'p' && checker->profile_count < MOST_PROFILES)
            checker->profiles[checker->profile_count++] = str_of(optarg);
        else if (option == 'o' && (!strcmp(optarg, "text") || !strcmp(optarg, "json")))
            checker->as_json = !strcmp(optarg, "json");
        else
            is_taken = false;
        if (!is_taken)
            return false;
    }
    return optind < argc;
}

int validate_run(int argc, char **argv)
{
    struct checker checker = { .profile_count = 0 };
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
    bool is_valid = true;
    for (int i = optind; i < argc; i++)
        is_valid &= check_file(&checker, argv[i]);
    close_checker(&checker);
    return is_valid ? CLI_DONE : CLI_FAILED;
}
