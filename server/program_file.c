/* program_file.c - a pack's sections: [program], [rules], [numbers], [dates], [lists], [act NAME]
 * for each row of the matrix and [profile CANONICAL] for each default profile. */
#include "server/program_file.h"

#include <stdlib.h>

#include "resources/base/arena.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/fhirpath/fhirpath.h"
#include "resources/ltss/act.h"
#include "server/cli/cli.h"
#include "server/inifile.h"
#include "server/timezone.h"

enum { MOST_PACK_BYTES = 1 << 20, MOST_NAME = 64 };

struct reading {
    struct program *program;
    const struct section *section;
    struct program_profile *profile; /* of the section that is read, or NULL */
    struct program_act *act;
    struct definitions *definitions;
    struct arena *arena;
};
struct line {
    struct str name, value;
    const struct place *at;
    struct issues *issues;
};

/* Begins a section (argument: what stands behind its word) or reads a line of it. */
typedef bool (*reader)(struct reading *reading, const struct line *line);

struct section {
    const char *word;
    reader begin; /* NULL: the section has no argument */
    reader read;  /* any key */
};

static bool complain(const struct line *line, const char *what)
{
    return issue_add(line->issues, line->at, ISSUE_CONFIGURATION, "%s: '" STR_FMT "'", what,
                     STR_ARG(line->value));
}

static bool complain_key(const struct line *line)
{
    return issue_add(line->issues, line->at, ISSUE_CONFIGURATION,
                     "there is no key '" STR_FMT "' here", STR_ARG(line->name));
}

static struct str keep(struct reading *reading, struct str text)
{
    return str_copy(reading->arena, text);
}

/* A list of words behind one another into fixed room. */
static bool read_words(struct str *words, size_t *count, struct reading *reading,
                       const struct line *line)
{
    struct str rest = line->value, word;
    while (inifile_item(&rest, &word)) {
        if (*count == PROGRAM_MOST_ROLES)
            return complain(line, "more than 32 words");
        words[(*count)++] = keep(reading, word);
    }
    return true;
}

static bool read_program(struct reading *reading, const struct line *line)
{
    struct program *program = reading->program;
    if (str_is(line->name, "title")) {
        program->title = keep(reading, line->value);
        return true;
    }
    if (str_is(line->name, "columns"))
        return read_words(program->columns, &program->column_count, reading, line);
    if (!str_is(line->name, "time-zone"))
        return complain_key(line);
    program->zone_name = keep(reading, line->value);
    program->zone = timezone_read(line->value, &program->zone_count, reading->arena);
    return program->zone || complain(line, "this machine's tzdata has no such time zone");
}

static const struct rule *find_rule(struct str key)
{
    for (const struct rule *rule = rules_table(); rule->key; rule++)
        if (str_is(key, rule->key))
            return rule;
    return NULL;
}

static bool read_rule(struct reading *reading, const struct line *line)
{
    struct program *program = reading->program;
    if (!find_rule(line->name))
        return issue_add(line->issues, line->at, ISSUE_CONFIGURATION,
                         "there is no rule '" STR_FMT "'", STR_ARG(line->name));
    if (str_is(line->value, "off"))
        return true;
    if (!str_is(line->value, "on"))
        return complain(line, "a rule is on or off");
    if (program->rule_count == PROGRAM_MOST_ROWS)
        return complain(line, "more than 128 rules");
    program->rules[program->rule_count++] = keep(reading, line->name);
    return true;
}

static struct program_value *add_value(struct reading *reading, const struct line *line)
{
    struct program *program = reading->program;
    if (program_value(program, str_cstr(reading->arena, line->name))) {
        complain(line, "given twice");
        return NULL;
    }
    if (program->value_count == PROGRAM_MOST_ROWS) {
        complain(line, "more than 128 values");
        return NULL;
    }
    struct program_value *value = &program->values[program->value_count++];
    *value = (struct program_value){ .name = keep(reading, line->name) };
    return value;
}

static bool read_number(struct reading *reading, const struct line *line)
{
    struct program_value *value = add_value(reading, line);
    int number;
    if (!value)
        return false;
    if (!str_to_int(&number, line->value))
        return complain(line, "not a whole number");
    value->number = number;
    return true;
}

static bool read_date(struct reading *reading, const struct line *line)
{
    struct program_value *value = add_value(reading, line);
    return value && ((date_parse(&value->date, line->value, DATE_FORM_DATE) &&
                      value->date.precision == DATE_DAY) ||
                     complain(line, "not a day, such as 2024-11-13"));
}

static bool read_list(struct reading *reading, const struct line *line)
{
    struct program_value *value = add_value(reading, line);
    return value && read_words(value->words, &value->word_count, reading, line);
}

static bool begin_act(struct reading *reading, const struct line *line)
{
    struct program *program = reading->program;
    if (program->act_count == PROGRAM_MOST_ROWS)
        return complain(line, "more than 128 acts");
    reading->act = &program->acts[program->act_count++];
    *reading->act = (struct program_act){ .name = keep(reading, line->value),
                                          .refusal = STR("role-not-permitted") };
    return line->value.len || complain(line, "an act has a name");
}

static bool read_cell(struct reading *reading, const struct line *line)
{
    struct program_act *act = reading->act;
    const struct act_condition *condition = act_conditions();
    while (condition->name && !str_is(line->value, condition->name))
        condition++;
    if (!program_has_column(reading->program, line->name))
        return complain_key(line);
    if (!condition->name)
        return complain(line, "there is no such condition");
    if (act->cell_count == PROGRAM_MOST_ROLES)
        return complain(line, "more than 32 roles");
    act->cells[act->cell_count++] =
        (struct program_cell){ keep(reading, line->name), keep(reading, line->value) };
    return true;
}

static bool read_when(struct reading *reading, const struct line *line)
{
    struct issues unseen;
    issues_init(&unseen, reading->arena, line->value);
    reading->act->when = fhirpath_parse(line->value, reading->arena, &unseen);
    return reading->act->when || complain(line, "this is not FHIRPath");
}

static bool read_act(struct reading *reading, const struct line *line)
{
    struct program_act *act = reading->act;
    if (str_is(line->name, "type")) {
        act->type = keep(reading, line->value);
        return definitions_is_resource_type(reading->definitions, act->type) ||
               complain(line, "there is no such resource type");
    }
    if (str_is(line->name, "when"))
        return read_when(reading, line);
    if (!str_is(line->name, "refusal"))
        return read_cell(reading, line);
    act->refusal = keep(reading, line->value);
    return ltss_key_find(&reading->program->keys, act->refusal) ||
           complain(line, "the guide has no such issue key");
}

static bool begin_profile(struct reading *reading, const struct line *line)
{
    struct program *program = reading->program;
    if (!definitions_structure(reading->definitions, line->value))
        return complain(line, "the profile is not known here");
    if (program->profile_count == PROGRAM_MOST_ROWS)
        return complain(line, "more than 128 profiles");
    reading->profile = &program->profiles[program->profile_count++];
    reading->profile->canonical = keep(reading, line->value);
    return true;
}

/* ELEMENT SYSTEM CODE */
static bool read_code(struct reading *reading, const struct line *line)
{
    struct str rest = line->value, element, system, code, more;
    if (!inifile_item(&rest, &element) || !inifile_item(&rest, &system) ||
        !inifile_item(&rest, &code) || inifile_item(&rest, &more))
        return complain(line, "a code is an element, a system and a code");
    reading->profile->element = keep(reading, element);
    reading->profile->system = keep(reading, system);
    reading->profile->code = keep(reading, code);
    return true;
}

static bool read_profile(struct reading *reading, const struct line *line)
{
    struct program_profile *profile = reading->profile;
    if (str_is(line->name, "type")) {
        profile->type = keep(reading, line->value);
        return definitions_is_resource_type(reading->definitions, line->value) ||
               complain(line, "there is no such resource type");
    }
    if (str_is(line->name, "code"))
        return read_code(reading, line);
    if (str_is(line->name, "roles"))
        return read_words(profile->roles, &profile->role_count, reading, line);
    return complain_key(line);
}

static const struct section SECTIONS[] = {
    { "program", NULL, read_program },
    { "rules", NULL, read_rule },
    { "numbers", NULL, read_number },
    { "dates", NULL, read_date },
    { "lists", NULL, read_list },
    { "act", begin_act, read_act },
    { "profile", begin_profile, read_profile },
};

static bool begin_section(struct reading *reading, struct str section, const struct line *line)
{
    struct str argument = section, word = str_cut(&argument, ' ');
    struct line with = *line;
    with.value = str_trim(argument);
    for (size_t i = 0; i < COUNT(SECTIONS); i++) {
        if (!str_is(word, SECTIONS[i].word) || (!SECTIONS[i].begin && with.value.len))
            continue;
        reading->section = &SECTIONS[i];
        return !SECTIONS[i].begin || SECTIONS[i].begin(reading, &with);
    }
    return complain(line, "there is no such section");
}

static bool read_line(void *context, struct str section, struct str name, struct str value,
                      const struct place *at, struct issues *issues)
{
    struct reading *reading = context;
    const struct line line = { name, name.len ? value : section, at, issues };
    if (!name.len)
        return begin_section(reading, section, &line);
    if (!reading->section)
        return complain_key(&line);
    return reading->section->read(reading, &line);
}

/* A name becomes part of a path. */
static bool is_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
            return false;
    }
    return name.len > 0 && name.len <= MOST_NAME;
}

/* What no single line can be blamed for. */
static bool check_whole(const struct program *program, const char *file, struct issues *issues)
{
    for (size_t i = 0; i < program->profile_count; i++)
        if (!program->profiles[i].type.len)
            return issue_add(issues, NULL, ISSUE_CONFIGURATION,
                             "%s: a profile without its type: " STR_FMT, file,
                             STR_ARG(program->profiles[i].canonical));
    for (size_t i = 0; i < program->act_count; i++)
        if (!program->acts[i].type.len)
            return issue_add(issues, NULL, ISSUE_CONFIGURATION,
                             "%s: an act without its type: " STR_FMT, file,
                             STR_ARG(program->acts[i].name));
    for (size_t i = 0; i < program->rule_count; i++) {
        const struct rule *rule = find_rule(program->rules[i]);
        for (size_t n = 0; n < COUNT(rule->numbers) && rule->numbers[n]; n++)
            if (!program_value(program, rule->numbers[n]))
                return issue_add(issues, NULL, ISSUE_CONFIGURATION,
                                 "%s: the rule %s needs the value %s", file, rule->key,
                                 rule->numbers[n]);
    }
    return program->zone ||
           issue_add(issues, NULL, ISSUE_CONFIGURATION, "%s: [program] has no time-zone", file);
}

bool program_file_read(struct program *program, struct str name, struct definitions *definitions,
                       struct arena *arena, struct issues *issues)
{
    struct reading reading = { .program = program, .definitions = definitions, .arena = arena };
    struct str text, source = issues->source;
    struct str path = str_print(arena, "programs/" STR_FMT "/program.ini", STR_ARG(name));
    const char *file = is_name(name) ? cli_find_file(path.data, arena) : NULL;
    if (!file)
        return issue_add(issues, NULL, ISSUE_CONFIGURATION,
                         "program = '" STR_FMT "': there is no such program pack", STR_ARG(name));
    *program = (struct program){ .name = str_copy(arena, name) };
    if (!ltss_key_read(&program->keys, definitions, arena, issues) ||
        !cli_read_file(&text, file, MOST_PACK_BYTES, arena, issues))
        return false;
    issues_read(issues, text);
    bool is_read = inifile_read(text, read_line, &reading, issues);
    issues_read(issues, source);
    return is_read && check_whole(program, file, issues);
}
