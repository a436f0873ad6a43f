/* rules.c - `tandem rules`: the rules of long-term care that there are, and what a pack makes of
 * them. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/ltss/rule.h"
#include "server/cli/cli.h"
#include "server/cli/commands.h"
#include "server/program_file.h"

enum { MOST_PACKS = 16 };

static int print_usage(FILE *to, int code)
{
    fputs("usage: tandem rules [--matrix] [PACK...]\n"
          "Prints every rule, one a line, with tabs between: the requirements it carries out, its\n"
          "key, what it does, the resource types it looks at or the operations that ask, the file "
          "that it stands in, its\n"
          "test, and those of the named program packs that have it on. --matrix prints instead,\n"
          "for each pack, each act and each role: what the pack says in that cell, or -.\n",
          to);
    return code;
}

static void print_types(const struct rule *rule)
{
    for (size_t i = 0; i < COUNT(rule->types) && rule->types[i]; i++)
        printf("%s%s", i ? "," : "", rule->types[i]);
}

static void print_rule(const struct rule *rule, const struct program *packs, size_t count)
{
    static const char *const EFFECTS[] = {
        [RULE_REFUSES] = "refuses", [RULE_WARNS] = "warns", [RULE_DERIVES] = "derives"
    };
    struct str test = str_of(rule->test);
    struct str stem = str_slice(test, 0, str_find_str(test, STR("_test.c"), 0));
    printf("%s\t%s\t%s\t", rule->requirement, rule->key, EFFECTS[rule->effect]);
    print_types(rule);
    if (rule->operation)
        printf("$%s", rule->operation);
    if (rule->file)
        printf("\t%s\t%s\t", rule->file, rule->test);
    else
        printf("\t" STR_FMT ".c\t%s\t", STR_ARG(stem), rule->test);
    for (size_t i = 0; i < count; i++)
        if (program_has_rule(&packs[i], rule->key))
            printf(STR_FMT " ", STR_ARG(packs[i].name));
    putchar('\n');
}

static struct str cell_of(const struct program_act *act, struct str role)
{
    for (size_t i = 0; i < act->cell_count; i++)
        if (str_equal(act->cells[i].role, role))
            return act->cells[i].condition;
    return STR("-");
}

static void print_matrix(const struct program *pack)
{
    for (size_t a = 0; a < pack->act_count; a++)
        for (size_t c = 0; c < pack->column_count; c++) {
            const struct program_act *act = &pack->acts[a];
            struct str cell = cell_of(act, pack->columns[c]);
            printf(STR_FMT "\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\n",
                   STR_ARG(pack->name), STR_ARG(act->name), STR_ARG(act->type),
                   STR_ARG(pack->columns[c]), STR_ARG(cell), STR_ARG(act->refusal));
        }
}

static bool read_packs(struct program *packs, size_t count, char **names, struct arena *arena,
                       struct issues *issues)
{
    const char *paths[2] = { cli_find_file("definitions.db", arena),
                             cli_find_file("guide.db", arena) };
    if (!paths[0] || !paths[1])
        return issue_add(issues, NULL, ISSUE_CONFIGURATION,
                         "definitions.db and guide.db are not beside the program");
    struct definitions *definitions = definitions_open(paths, COUNT(paths), issues);
    bool is_read = definitions != NULL;
    for (size_t i = 0; i < count && is_read; i++)
        is_read = program_file_read(&packs[i], str_of(names[i]), definitions, arena, issues);
    if (definitions)
        definitions_close(definitions);
    return is_read;
}

int rules_run(int argc, char **argv)
{
    static const struct option OPTIONS[] = { { "matrix", no_argument, NULL, 'm' },
                                             { "help", no_argument, NULL, 'h' },
                                             { NULL, 0, NULL, 0 } };
    bool is_matrix = false;
    for (int option; (option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1;) {
        if (option == 'h')
            return print_usage(stdout, CLI_DONE);
        if (option != 'm')
            return print_usage(stderr, CLI_MISUSED);
        is_matrix = true;
    }
    size_t count = (size_t)(argc - optind);
    if (count > MOST_PACKS)
        return print_usage(stderr, CLI_MISUSED);
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, STR(""));
    struct program *packs = arena_array(arena, count + 1, sizeof *packs);
    if (count && !read_packs(packs, count, argv + optind, arena, &issues)) {
        cli_print_issues("tandem", &issues);
        return CLI_MISUSED;
    }
    for (size_t i = 0; i < count && is_matrix; i++)
        print_matrix(&packs[i]);
    for (const struct rule *rule = rules_table(); rule->key && !is_matrix; rule++)
        print_rule(rule, packs, count);
    return CLI_DONE;
}
