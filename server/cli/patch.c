/* patch.c - `tandem patch`: applies a patch to a file. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/patch/patch.h"
#include "resources/fhir/xml/xml.h"
#include "server/cli/cli.h"
#include "server/cli/commands.h"

enum { MOST_FILE_BYTES = 1 << 30 };

static const char HELP[] =
    "usage: tandem patch --format json|fhirpath|xml FILE PATCH\n"
    "Applies a JSON Patch to a JSON file, FHIRPath Patch operations (Parameters) to a resource, or "
    "an\n"
    "XML Patch to an XML file; JSON and XML Patch take any document. Prints what it becomes.\n";

struct job {
    struct str document, patch;
    struct definitions *definitions; /* fhirpath alone */
    struct arena *arena;
    struct issues *issues;
    struct buf out;
};

static bool is_array(struct str text)
{
    return str_starts(str_trim(text), STR("["));
}

static bool patch_as_json(struct job *job)
{
    cJSON *document = (is_array(job->document) ? json_parse_array : json_parse)(
        job->document, job->arena, job->issues);
    const cJSON *patch = document ? json_parse_array(job->patch, job->arena, job->issues) : NULL;
    if (!patch || !patch_json(&document, patch, job->arena, job->issues))
        return false;
    json_print(&job->out, document);
    return true;
}

static cJSON *parse_resource(struct job *job, struct str text)
{
    if (str_starts(str_trim(text), STR("<")))
        return xml_parse(text, job->definitions, job->arena, job->issues);
    return json_parse(text, job->arena, job->issues);
}

static bool patch_as_fhirpath(struct job *job)
{
    cJSON *resource = parse_resource(job, job->document);
    const cJSON *patch = resource ? parse_resource(job, job->patch) : NULL;
    if (!patch || !patch_fhirpath(resource, patch, job->definitions, job->arena, job->issues))
        return false;
    if (str_starts(str_trim(job->document), STR("<")))
        return xml_print(&job->out, resource, job->definitions, job->issues);
    json_print(&job->out, resource);
    return true;
}

static bool patch_as_xml(struct job *job)
{
    return patch_xml(&job->out, job->document, job->patch, job->issues);
}

static const struct format {
    const char *name;
    bool (*run)(struct job *job);
} FORMATS[] = {
    { "json", patch_as_json },
    { "fhirpath", patch_as_fhirpath },
    { "xml", patch_as_xml },
};

static bool run(const struct format *format, const char *file, const char *patch,
                struct arena *arena, struct issues *issues)
{
    struct job job = { .arena = arena, .issues = issues };
    const char *path = cli_find_file("definitions.db", arena);
    buf_init(&job.out, arena, MOST_FILE_BYTES);
    if (!cli_read_file(&job.document, file, MOST_FILE_BYTES, arena, issues) ||
        !cli_read_file(&job.patch, patch, MOST_FILE_BYTES, arena, issues))
        return false;
    job.definitions = path ? definitions_open(&path, 1, issues) : NULL;
    if (!job.definitions)
        return issue_add(issues, NULL, ISSUE_NOT_FOUND, "definitions.db");
    bool is_good = format->run(&job) && !job.out.is_over;
    struct str text = buf_str(&job.out);
    if (is_good)
        printf("%s\n", text.data);
    definitions_close(job.definitions);
    return is_good;
}

int patch_run(int argc, char **argv)
{
    static const struct option OPTIONS[] = {
        { "format", required_argument, NULL, 'f' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    const struct format *format = NULL;
    for (int option; (option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1;) {
        for (size_t i = 0; option == 'f' && i < COUNT(FORMATS); i++)
            if (!strcmp(optarg, FORMATS[i].name))
                format = &FORMATS[i];
        if (option != 'f') {
            fputs(HELP, option == 'h' ? stdout : stderr);
            return option == 'h' ? CLI_DONE : CLI_MISUSED;
        }
    }
    if (!format || argc - optind != 2) {
        fputs(HELP, stderr);
        return CLI_MISUSED;
    }
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, (struct str){ "", 0 });
    bool is_good = run(format, argv[optind], argv[optind + 1], arena, &issues);
    cli_print_issues(argv[optind + 1], &issues);
    return is_good ? CLI_DONE : CLI_FAILED;
}
