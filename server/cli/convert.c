/* convert.c - `tandem convert`: resources from JSON to XML and back. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/xml/xml.h"
#include "server/cli/cli.h"
#include "server/cli/commands.h"

enum { MOST_FILE_BYTES = 1 << 30 };

static const char HELP[] =
    "usage: tandem convert --to xml|json [--pretty] [--output DIR] FILE...\n"
    "Converts FHIR R4 resources; a FILE that begins with '<' is XML, any other JSON.\n"
    "Prints each on standard output, or writes DIR/NAME.xml (NAME.json) for each FILE.\n";

struct job {
    struct definitions *definitions;
    const char *folder; /* NULL: standard output */
    bool is_to_xml, is_pretty;
};

static bool print(const struct job *job, struct buf *out, const cJSON *resource,
                  struct issues *issues)
{
    if (job->is_to_xml && job->is_pretty)
        return xml_print_pretty(out, resource, job->definitions, issues);
    if (job->is_to_xml)
        return xml_print(out, resource, job->definitions, issues);
    if (job->is_pretty)
        json_print_pretty(out, resource);
    else
        json_print(out, resource);
    return !out->is_over ||
           issue_add(issues, NULL, ISSUE_TOO_LARGE, "more than %zu bytes of JSON", out->most);
}

/* DIR and the file's name with the ending of its new format. */
static struct str output_path(const struct job *job, const char *file, struct arena *arena)
{
    const char *slash = strrchr(file, '/');
    struct str name = str_of(slash ? slash + 1 : file);
    size_t end = name.len;
    while (end > 0 && name.data[end - 1] != '.')
        end--;
    if (end > 1)
        name = str_slice(name, 0, end - 1);
    return str_print(arena, "%s/" STR_FMT ".%s", job->folder, STR_ARG(name),
                     job->is_to_xml ? "xml" : "json");
}

static bool put(const struct job *job, const char *file, struct str text, struct issues *issues)
{
    struct str path = { "standard output", 0 };
    FILE *to = stdout;
    if (job->folder) {
        path = output_path(job, file, issues->arena);
        to = fopen(path.data, "wb");
    }
    bool is_put = to && fwrite(text.data, 1, text.len, to) == text.len;
    if (to && text.len && text.data[text.len - 1] != '\n')
        is_put = fputc('\n', to) != EOF && is_put;
    if (to && (to == stdout ? fflush(to) : fclose(to)) != 0)
        is_put = false;
    return is_put ||
           issue_add(issues, NULL, ISSUE_STORE_FAILED, "%s: %s", path.data, strerror(errno));
}

static bool convert(const struct job *job, const char *file)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct str text;
    struct buf out;
    issues_init(&issues, arena, (struct str){ "", 0 });
    buf_init(&out, arena, MOST_FILE_BYTES);
    bool is_fine = cli_read_file(&text, file, MOST_FILE_BYTES, arena, &issues);
    const cJSON *resource = is_fine ? cli_parse(text, job->definitions, arena, &issues) : NULL;
    is_fine = resource && issues.errors == 0 && print(job, &out, resource, &issues) &&
              put(job, file, buf_str(&out), &issues);
    cli_print_issues(file, &issues);
    return is_fine;
}

static int convert_all(struct job *job, char **files)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    int code = CLI_DONE;
    issues_init(&issues, arena, (struct str){ "", 0 });
    const char *path = cli_find_file("definitions.db", arena);
    if (!path) {
        fputs("tandem convert: definitions.db is not beside the program\n", stderr);
        return CLI_FAILED;
    }
    job->definitions = definitions_open(&path, 1, &issues);
    cli_print_issues(path, &issues);
    if (!job->definitions)
        return CLI_FAILED;
    for (; *files; files++)
        if (!convert(job, *files))
            code = CLI_FAILED;
    definitions_close(job->definitions);
    return code;
}

int convert_run(int argc, char **argv)
{
    static const struct option OPTIONS[] = {
        { "to", required_argument, NULL, 't' },
        { "pretty", no_argument, NULL, 'p' },
        { "output", required_argument, NULL, 'o' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    struct job job = { .folder = NULL };
    const char *to = "";
    for (int option; (option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1;) {
        if (option == 't') {
            to = optarg;
        } else if (option == 'p') {
            job.is_pretty = true;
        } else if (option == 'o') {
            job.folder = optarg;
        } else {
            fputs(HELP, option == 'h' ? stdout : stderr);
            return option == 'h' ? CLI_DONE : CLI_MISUSED;
        }
    }
    job.is_to_xml = !strcmp(to, "xml");
    if (optind >= argc || (!job.is_to_xml && strcmp(to, "json") != 0)) {
        fputs(HELP, stderr);
        return CLI_MISUSED;
    }
    return convert_all(&job, argv + optind);
}
