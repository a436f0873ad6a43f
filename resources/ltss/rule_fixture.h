/* rule_fixture.h - runs one rule on JSON text, among records that are there: for rules' tests. */
#ifndef RESOURCES_LTSS_RULE_FIXTURE_H
#define RESOURCES_LTSS_RULE_FIXTURE_H
#include "resources/base/test.h"

#include "resources/ltss/rule.h"

/* One row of a test: quotes in JSON may be written '. */
struct rule_case {
    const char *rule;         /* key in the table */
    const char *stored[8];    /* records that are there */
    const char *before;       /* of the record that is changed, or NULL */
    const char *after;        /* or NULL: it is deleted */
    const char *organization; /* the caller's, or NULL */
    const char *operation;    /* or NULL */
    const char *patient;      /* the caller's, or NULL */
    const char *role;         /* the caller's, or NULL */
    bool is_server, is_copy;
    int64_t now_us;      /* with it the rule's look is run, not its check */
    const char *derives; /* part of the one record that is derived; "": none may be */
    const char *makes;   /* what is derived: "Task:code CareTeam:id", or NULL: nothing */
    const char *want;    /* issue key, or "" */
    const char *claim;
};

struct rule_stage {
    struct arena *arena;
    struct ltss_record records[9];
    struct ltss_record derived[16];
    size_t derived_count;
    int64_t again_us;
};

static cJSON *stage_json(struct arena *arena, const char *text)
{
    struct issues issues;
    issues_init(&issues, arena, STR(""));
    char *copy = str_cstr(arena, str_of(text));
    for (char *c = copy; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    cJSON *made = json_parse(str_of(copy), arena, &issues);
    if (!made)
        fail_msg("not JSON: %s", text);
    return made;
}

static const cJSON *stage_read(void *context, struct str reference)
{
    struct rule_stage *stage = context;
    for (const struct ltss_record *one = stage->records; one->content; one++)
        if (str_equal(reference, str_print(stage->arena, STR_FMT "/" STR_FMT, STR_ARG(one->type),
                                           STR_ARG(one->id))))
            return one->content;
    return NULL;
}

/* Everything of the type: a rule looks at each anyway. */
static const struct ltss_record *stage_find(void *context, const char *type, const char *parameter,
                                            struct str value)
{
    struct rule_stage *stage = context;
    struct ltss_record *found = arena_array(stage->arena, COUNT(stage->records), sizeof *found);
    size_t count = 0;
    (void)parameter, (void)value;
    for (const struct ltss_record *one = stage->records; one->content; one++)
        if (str_is(one->type, type))
            found[count++] = *one;
    found[count] = (struct ltss_record){ .content = NULL };
    return found;
}

static struct str stage_derive(void *context, const char *type, struct str id, cJSON *resource)
{
    struct rule_stage *stage = context;
    assert_true(stage->derived_count < COUNT(stage->derived));
    stage->derived[stage->derived_count++] =
        (struct ltss_record){ .type = str_of(type), .id = id, .content = resource };
    return id.len ? id : str_print(stage->arena, "made-%zu", stage->derived_count);
}

static void stage_fill(struct rule_stage *stage, const struct rule_case *row)
{
    size_t count = 0;
    for (size_t i = 0; i < COUNT(row->stored) && row->stored[i]; i++) {
        const cJSON *content = stage_json(stage->arena, row->stored[i]);
        stage->records[count++] =
            (struct ltss_record){ .type = json_get_text(content, "resourceType"),
                                  .id = json_get_text(content, "id"),
                                  .content = content };
    }
    stage->records[count] = (struct ltss_record){ .content = NULL };
}

static const struct rule *stage_rule(const char *key)
{
    for (const struct rule *rule = rules_table(); rule->key; rule++)
        if (!strcmp(rule->key, key))
            return rule;
    fail_msg("there is no rule %s", key);
    return NULL;
}

/* Runs the row's rule alone; returns the first issue's key. */
static struct str stage_run(struct rule_stage *stage, const struct rule_case *row,
                            const struct program *program, struct date today)
{
    struct issues *issues = arena_alloc(stage->arena, sizeof *issues);
    struct lookup lookup = { stage, stage_read, stage_find };
    struct change change = { .act = !row->before ? CHANGE_CREATE
                                    : row->after ? CHANGE_UPDATE
                                                 : CHANGE_DELETE };
    stage_fill(stage, row);
    issues_init(issues, stage->arena, STR(""));
    change.before = row->before ? stage_json(stage->arena, row->before) : NULL;
    change.after = row->after ? stage_json(stage->arena, row->after) : NULL;
    const cJSON *record = change.after ? change.after : change.before;
    change.type = json_get_text(record, "resourceType"), change.id = json_get_text(record, "id");
    change.is_copy = row->is_copy;
    struct caller caller = { .organization = str_of(row->organization),
                             .patient = str_of(row->patient),
                             .role = str_of(row->role),
                             .is_server = row->is_server };
    struct rule_run run = { .rule = stage_rule(row->rule),
                            .program = program,
                            .change = &change,
                            .caller = &caller,
                            .lookup = &lookup,
                            .operation = row->operation,
                            .today = today,
                            .arena = stage->arena,
                            .issues = issues,
                            .derive = stage_derive,
                            .context = stage };
    run.now_us = row->now_us;
    if (row->now_us)
        change.act = CHANGE_UPDATE, change.before = change.after;
    bool is_good = row->now_us ? run.rule->look(&run) : run.rule->check(&run);
    assert_int_equal(is_good, issues->errors == 0);
    stage->again_us = run.again_us;
    return issues->first ? issues->first->key : STR("");
}

/* A program whose keys are all known: each says itself. */
static inline void stage_program(struct program *program, struct ltss_key *keys,
                                 const char *const *codes)
{
    size_t count = 0;
    for (; codes[count]; count++)
        keys[count] = (struct ltss_key){ .code = str_of(codes[count]),
                                         .text = str_of(codes[count]),
                                         .id = ISSUE_RULE_BROKEN };
    program->keys = (struct ltss_keys){ keys, count };
}

static void stage_check_derived(struct rule_stage *stage, const struct rule_case *row)
{
    struct buf out;
    buf_init(&out, stage->arena, 1 << 20);
    for (size_t i = 0; i < stage->derived_count; i++)
        json_print(&out, stage->derived[i].content);
    char *wanted = str_cstr(stage->arena, str_of(row->derives));
    for (char *c = wanted; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    if (stage->derived_count != (*wanted != 0) ||
        str_find_str(buf_str(&out), str_of(wanted), 0) >= (*wanted ? out.len : 1))
        fail_msg("%s: %zu derived: " STR_FMT, row->claim, stage->derived_count,
                 STR_ARG(buf_str(&out)));
}

/* What was derived, in words. */
static struct str stage_made(const struct rule_stage *stage)
{
    struct buf out;
    buf_init(&out, stage->arena, 1024);
    for (size_t i = 0; i < stage->derived_count; i++) {
        const struct ltss_record *one = &stage->derived[i];
        struct str code = record_code(json_get(one->content, "code"), LTSS_CODES "tandem-task");
        struct str name = one->id.len ? one->id : code;
        buf_print(&out, "%s" STR_FMT ":" STR_FMT, i ? " " : "", STR_ARG(one->type), STR_ARG(name));
    }
    return buf_str(&out);
}

static inline void stage_run_all(const struct rule_case *rows, size_t count,
                                 const struct program *program, struct date today)
{
    for (size_t i = 0; i < count; i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct rule_stage stage = { .arena = arena };
        struct str got = stage_run(&stage, &rows[i], program, today);
        if (!str_is(got, rows[i].want ? rows[i].want : ""))
            fail_msg("%s: '" STR_FMT "'", rows[i].claim, STR_ARG(got));
        if (rows[i].derives)
            stage_check_derived(&stage, &rows[i]);
        struct str made = stage_made(&stage);
        if (!rows[i].derives && !str_is(made, rows[i].makes ? rows[i].makes : ""))
            fail_msg("%s: made '" STR_FMT "'", rows[i].claim, STR_ARG(made));
    }
}
#endif
