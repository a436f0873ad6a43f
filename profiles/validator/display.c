/* display.c - Coding.display is a representation of the code "following the rules of the system": a
 * name that the system gives it. Another one is a warning: whoever reads only the words is misled
 * (R4 datatypes.html#Coding). */
#include "profiles/validator/run.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/terminology.h"

/* The systems that are here name their codes in English. A display in another language may be a
 * right translation. */
static bool is_in_english(const struct run *run)
{
    struct str language = json_get_text(run->frame->resource->value, "language");
    return !language.len || str_starts(language, STR("en"));
}

static void check(struct run *run, const struct rule *rule, const struct node *node)
{
    struct terminology *terminology = run->validator->terminology;
    struct str display = json_get_text(node->value, "display");
    if (!display.len || !terminology || !is_in_english(run))
        return;
    struct str url = json_get_text(node->value, "system"),
               code = json_get_text(node->value, "code"),
               version = json_get_text(node->value, "version");
    const struct system *system = terminology_system(terminology, url, version);
    if (!system || !code.len || terminology_is_name(system, code, display))
        return;
    struct term_concept concept = terminology_concept(system, code);
    struct node at = { .place = { &node->place, "display", NULL, -1,
                                  json_offset(json_get(node->value, "display")) } };
    validator_run_break(run, rule, &at, ISSUE_DISPLAY_MISMATCH,
                        "'" STR_FMT "' is given, " STR_FMT " of " STR_FMT " is '" STR_FMT "'",
                        STR_ARG(str_head(display, MOST_REPORT_TEXT)), STR_ARG(code), STR_ARG(url),
                        STR_ARG(concept.display));
}

static const struct rule_kind KIND = { "display", check };

/* One rule, on the root of the data type. */
void validator_display_build(struct compiler *compiler, const struct element *element)
{
    const struct structure *structure = compiler->structure;
    if (!element->parent && !structure->is_constraint && str_is(structure->type, "Coding"))
        validator_compile_rule(compiler, &KIND, structure->url, STR("display"),
                               sizeof(struct rule));
}
