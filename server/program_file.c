/* program_file.c - a pack's sections: [program], and [profile CANONICAL] for each default profile.
 */
#include "server/program_file.h"

#include "resources/base/arena.h"
#include "resources/fhir/definitions/definitions.h"
#include "server/cli/cli.h"
#include "server/inifile.h"

enum { MOST_PACK_BYTES = 1 << 20, MOST_NAME = 64 };

struct reading {
    struct program *program;
    struct program_profile *profile; /* the section that is read, or NULL */
    struct definitions *definitions;
    struct arena *arena;
};
struct line {
    struct str value;
    const struct place *at;
    struct issues *issues;
};

static bool complain(const struct line *line, const char *what)
{
    return issue_add(line->issues, line->at, ISSUE_CONFIGURATION, "%s: '" STR_FMT "'", what,
                     STR_ARG(line->value));
}

static bool read_title(struct reading *reading, const struct line *line)
{
    reading->program->title = str_copy(reading->arena, line->value);
    return true;
}

static bool read_type(struct reading *reading, const struct line *line)
{
    reading->profile->type = str_copy(reading->arena, line->value);
    return definitions_is_resource_type(reading->definitions, line->value) ||
           complain(line, "there is no such resource type");
}

/* ELEMENT SYSTEM CODE */
static bool read_code(struct reading *reading, const struct line *line)
{
    struct str rest = line->value, element, system, code, more;
    if (!inifile_item(&rest, &element) || !inifile_item(&rest, &system) ||
        !inifile_item(&rest, &code) || inifile_item(&rest, &more))
        return complain(line, "a code is an element, a system and a code");
    reading->profile->element = str_copy(reading->arena, element);
    reading->profile->system = str_copy(reading->arena, system);
    reading->profile->code = str_copy(reading->arena, code);
    return true;
}

static bool read_roles(struct reading *reading, const struct line *line)
{
    struct program_profile *profile = reading->profile;
    struct str rest = line->value, role;
    while (inifile_item(&rest, &role)) {
        if (profile->role_count == PROGRAM_MOST_ROLES)
            return complain(line, "more than 32 roles");
        profile->roles[profile->role_count++] = str_copy(reading->arena, role);
    }
    return true;
}

static const struct {
    const char *name;
    bool in_profile;
    bool (*read)(struct reading *reading, const struct line *line);
} KEYS[] = { { "title", false, read_title },
             { "type", true, read_type },
             { "code", true, read_code },
             { "roles", true, read_roles } };

static bool begin_section(struct reading *reading, struct str section, const struct line *line)
{
    struct str canonical = section, word = str_cut(&canonical, ' ');
    struct program *program = reading->program;
    canonical = str_trim(canonical);
    reading->profile = NULL;
    if (str_is(section, "program"))
        return true;
    if (!str_is(word, "profile"))
        return complain(line, "a section is [program] or [profile CANONICAL]");
    if (!definitions_structure(reading->definitions, canonical))
        return complain(line, "the profile is not known here");
    if (program->profile_count == PROGRAM_MOST_PROFILES)
        return complain(line, "more than 64 profiles");
    reading->profile = &program->profiles[program->profile_count++];
    reading->profile->canonical = str_copy(reading->arena, canonical);
    return true;
}

static bool read_line(void *context, struct str section, struct str name, struct str value,
                      const struct place *at, struct issues *issues)
{
    struct reading *reading = context;
    const struct line line = { name.len ? value : section, at, issues };
    if (!name.len)
        return begin_section(reading, section, &line);
    for (size_t i = 0; i < COUNT(KEYS); i++)
        if (str_is(name, KEYS[i].name) && KEYS[i].in_profile == (reading->profile != NULL))
            return KEYS[i].read(reading, &line);
    return issue_add(issues, at, ISSUE_CONFIGURATION, "there is no key '" STR_FMT "' here",
                     STR_ARG(name));
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

bool program_file_read(struct program *program, struct str name, struct definitions *definitions,
                       struct arena *arena, struct issues *issues)
{
    struct reading reading = { program, NULL, definitions, arena };
    struct str text, source = issues->source;
    struct str path = str_print(arena, "programs/" STR_FMT "/program.ini", STR_ARG(name));
    const char *file = is_name(name) ? cli_find_file(path.data, arena) : NULL;
    if (!file)
        return issue_add(issues, NULL, ISSUE_CONFIGURATION,
                         "program = '" STR_FMT "': there is no such program pack", STR_ARG(name));
    *program = (struct program){ .name = str_copy(arena, name) };
    if (!cli_read_file(&text, file, MOST_PACK_BYTES, arena, issues))
        return false;
    issues_read(issues, text);
    bool is_read = inifile_read(text, read_line, &reading, issues);
    issues_read(issues, source);
    for (size_t i = 0; i < program->profile_count && is_read; i++)
        if (!program->profiles[i].type.len)
            return issue_add(issues, NULL, ISSUE_CONFIGURATION,
                             "%s: a profile without its type: " STR_FMT, file,
                             STR_ARG(program->profiles[i].canonical));
    return is_read;
}
