/* fhirpath.c - `tandem fhirpath`: an expression over a resource, one result a line. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "profiles/validator/validator.h"
#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/fhirpath.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/terminology.h"
#include "resources/fhir/xml/xml.h"
#include "server/cli/cli.h"
#include "server/cli/commands.h"

enum { MOST_FILE = 256 << 20, MOST_VARIABLES = 16 };

static const char HELP[] =
    "usage: tandem fhirpath [OPTION]... EXPRESSION [FILE]\n"
    "       tandem fhirpath --functions\n"
    "Evaluates a FHIRPath expression over a resource (JSON, or XML when it begins with '<'), or\n"
    "over nothing, and prints one result a line. An element that is no primitive is printed as\n"
    "JSON.\n"
    "  --types              the type and a tab before each result\n"
    "  --null               a NUL byte behind each result instead of the line's end\n"
    "  --context EXPRESSION evaluate over what this gives instead of over the resource\n"
    "  --variable NAME=JSON what %NAME stands for; of an array each of its items\n"
    "  --strict             refuse names that no element of the resource's type has\n"
    "  --no-model           FILE is any JSON: names are keys, and no FHIR type is known\n"
    "  --functions          list the functions that there are\n";

static int print_usage(FILE *to, int code)
{
    fputs(HELP, to);
    return code;
}

static int print_functions(void)
{
    const char *name;
    for (size_t i = 0; (name = fhirpath_functions_name(i)); i++)
        puts(name);
    return CLI_DONE;
}

static struct definitions *open_definitions(struct arena *arena, struct issues *issues)
{
    static const char *const NAMES[] = { "definitions.db", "guide.db" };
    const char *paths[COUNT(NAMES)];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(NAMES); i++) {
        const char *path = cli_find_file(NAMES[i], arena);
        if (path)
            paths[count++] = path;
    }
    if (count > 0)
        return definitions_open(paths, count, issues);
    issue_add(issues, NULL, ISSUE_DEFINITION_INVALID, "definitions.db is not beside the program");
    return NULL;
}

/* Here and now, to the millisecond. */
static struct str print_now(struct arena *arena)
{
    char date[32], zone[8];
    struct timespec now;
    struct tm parts;
    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &parts);
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &parts);
    strftime(zone, sizeof zone, "%z", &parts);
    return str_print(arena, "%s.%03d%.3s:%.2s", date, (int)(now.tv_nsec / 1000000), zone, zone + 3);
}

struct request {
    const char *expression, *path, *context;
    bool with_types, has_no_model, is_strict;
    char end;
    struct fhirpath_variable variables[MOST_VARIABLES];
    const char *written[MOST_VARIABLES]; /* NAME=JSON */
    size_t variable_count;
};

/* What lives while an expression is evaluated. */
struct ground {
    struct definitions *definitions;
    struct terminology *terminology;
    struct validator *validator;
    struct str now;
};

static void close_ground(struct ground *ground)
{
    if (ground->validator)
        validator_close(ground->validator);
    if (ground->terminology)
        terminology_close(ground->terminology);
    if (ground->definitions)
        definitions_close(ground->definitions);
}

static bool open_ground(struct ground *ground, struct issues *issues)
{
    ground->definitions = open_definitions(issues->arena, issues);
    if (!ground->definitions)
        return false;
    ground->terminology = terminology_open(ground->definitions);
    ground->validator = validator_open(ground->definitions, ground->terminology);
    return true;
}

/* conformsTo(): of resources. */
static int conforms(void *context, const struct node *node, struct str canonical)
{
    const struct ground *ground = context;
    if (node->resource != node || !definitions_structure(ground->definitions, canonical))
        return -1;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, STR(""));
    struct validation_request request = { .level = VALIDATION_FULL,
                                          .profiles = &canonical,
                                          .profile_count = 1,
                                          .now = ground->now,
                                          .scratch = arena };
    return validator_check(ground->validator, node->value, &request, &issues);
}

static int slices(void *context, const struct node *node, struct str profile, struct str slice)
{
    const struct ground *ground = context;
    CLOSING_ARENA struct arena *arena = arena_open();
    const struct validation_request request = { .level = VALIDATION_FULL,
                                                .now = ground->now,
                                                .scratch = arena };
    return validator_slice(ground->validator, node, profile, slice, &request);
}

/* trace(): to the standard error, one line an item. */
static void trace(void *context, struct str name, const struct fhirpath_items *items)
{
    (void)context;
    CLOSING_ARENA struct arena *arena = arena_open();
    for (size_t i = 0; i < items->count; i++) {
        struct str text = fhirpath_print(&items->items[i], arena);
        fprintf(stderr, "trace " STR_FMT ": " STR_FMT "\n", STR_ARG(name), STR_ARG(text));
    }
}

static void print_items(const struct fhirpath_items *items, const struct request *request,
                        struct arena *arena)
{
    for (size_t i = 0; i < items->count; i++) {
        struct str text = fhirpath_print(&items->items[i], arena);
        struct str type = fhirpath_print_type(&items->items[i], arena);
        if (request->with_types)
            printf(STR_FMT "\t", STR_ARG(type));
        fwrite(text.data, 1, text.len, stdout);
        putchar(request->end);
    }
}

/* A value, or each one of an array, as items; null is none. */
static struct fhirpath_items items_of(const cJSON *value, struct definitions *definitions,
                                      struct arena *arena)
{
    const cJSON *item = cJSON_IsArray(value) ? value->child : value;
    struct fhirpath_items items = { arena_array(arena, json_count(value) + 1, sizeof *items.items),
                                    0 };
    for (; item; item = cJSON_IsArray(value) ? item->next : NULL) {
        struct node *node = arena_alloc(arena, sizeof *node);
        node_root(node, item, definitions);
        if (!cJSON_IsNull(item))
            items.items[items.count++] =
                (struct fhirpath_item){ .kind = FHIRPATH_NODE, .node = node };
    }
    return items;
}

/* Any JSON value: the reader wants an object, so it is read inside of one. */
static const cJSON *parse_value(struct str text, struct issues *issues)
{
    struct str wrapped = str_print(issues->arena, "{\"value\":" STR_FMT "}", STR_ARG(text));
    return json_get(json_parse(wrapped, issues->arena, issues), "value");
}

static bool take_variables(struct request *request, struct definitions *definitions,
                           struct issues *issues)
{
    for (size_t i = 0; i < request->variable_count; i++) {
        struct str value = str_of(request->written[i]);
        request->variables[i].name = str_cut(&value, '=');
        const cJSON *parsed = parse_value(value, issues);
        if (!parsed)
            return false;
        request->variables[i].items = items_of(parsed, definitions, issues->arena);
    }
    return true;
}

/* The resource, or the JSON, that is evaluated over. */
static bool read_subject(const struct request *request, struct definitions *definitions,
                         struct fhirpath_items *subject, struct issues *issues)
{
    struct str text;
    *subject = (struct fhirpath_items){ NULL, 0 };
    if (!request->path)
        return true;
    if (!cli_read_file(&text, request->path, MOST_FILE, issues->arena, issues))
        return false;
    const cJSON *resource;
    if (request->has_no_model)
        resource = parse_value(text, issues);
    else if (str_starts(str_trim(text), STR("<")) || str_starts(text, STR("\xEF\xBB\xBF<")))
        resource = xml_parse_partly(text, definitions, issues->arena, issues);
    else
        resource = json_parse(text, issues->arena, issues);
    if (resource)
        *subject = items_of(resource, request->has_no_model ? NULL : definitions, issues->arena);
    return resource;
}

static bool evaluate(struct request *request, struct issues *issues)
{
    struct ground ground __attribute__((cleanup(close_ground))) = { NULL, NULL, NULL, { NULL, 0 } };
    if (!open_ground(&ground, issues))
        return false;
    struct definitions *definitions = request->has_no_model ? NULL : ground.definitions;
    struct fhirpath_items subject;
    if (!read_subject(request, ground.definitions, &subject, issues) ||
        !take_variables(request, definitions, issues))
        return false;
    ground.now = print_now(issues->arena);
    const struct fhirpath_resolver resolver = { .context = &ground,
                                                .conforms = request->has_no_model ? NULL : conforms,
                                                .slices = request->has_no_model ? NULL : slices,
                                                .trace = trace };
    struct fhirpath_context context = { .arena = issues->arena,
                                        .definitions = definitions,
                                        .units = definitions_units(ground.definitions),
                                        .terminology = ground.terminology,
                                        .resolver = &resolver,
                                        .issues = issues,
                                        .variables = request->variables,
                                        .variable_count = request->variable_count,
                                        .now = ground.now };
    const char *const texts[] = { request->context, request->expression };
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (!texts[i])
            continue;
        const struct fhirpath *parsed = fhirpath_parse(str_of(texts[i]), issues->arena, issues);
        const struct node *focus = subject.count ? subject.items[0].node : NULL;
        if (!parsed ||
            (request->is_strict && !request->has_no_model &&
             !fhirpath_check(parsed, focus, definitions, issues)) ||
            !fhirpath_evaluate_items(&subject, parsed, &subject, &context))
            return false;
    }
    print_items(&subject, request, issues->arena);
    return true;
}

/* False when the command line is wrong. */
static bool take_option(struct request *request, int option)
{
    if (option == 't')
        request->with_types = true;
    else if (option == '0')
        request->end = '\0';
    else if (option == 'n')
        request->has_no_model = true;
    else if (option == 's')
        request->is_strict = true;
    else if (option == 'c')
        request->context = optarg;
    else if (option == 'v' && strchr(optarg, '=') && request->variable_count < MOST_VARIABLES)
        request->written[request->variable_count++] = optarg;
    else
        return false;
    return true;
}

int fhirpath_run(int argc, char **argv)
{
    static const struct option OPTIONS[] = {
        { "types", no_argument, NULL, 't' },
        { "null", no_argument, NULL, '0' },
        { "no-model", no_argument, NULL, 'n' },
        { "strict", no_argument, NULL, 's' },
        { "context", required_argument, NULL, 'c' },
        { "variable", required_argument, NULL, 'v' },
        { "functions", no_argument, NULL, 'f' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    struct request request = { .end = '\n' };
    for (int option; (option = getopt_long(argc, argv, "+", OPTIONS, NULL)) != -1;) {
        if (option == 'h')
            return print_usage(stdout, CLI_DONE);
        if (option == 'f')
            return print_functions();
        if (!take_option(&request, option))
            return print_usage(stderr, CLI_MISUSED);
    }
    if (argc - optind != 1 && argc - optind != 2)
        return print_usage(stderr, CLI_MISUSED);
    request.expression = argv[optind];
    request.path = argv[optind + 1]; /* NULL behind the last */
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, (struct str){ "", 0 });
    bool is_done = evaluate(&request, &issues);
    cli_print_issues(request.path ? request.path : "no file", &issues);
    return is_done ? CLI_DONE : CLI_FAILED;
}
