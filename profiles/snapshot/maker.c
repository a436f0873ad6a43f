/* maker.c - issues with their place in the differential, and the limit on elements. */
#include "profiles/snapshot/maker.h"

#include <stdarg.h>
#include <stdio.h>

#include "profiles/snapshot/snapshot.h"
#include "resources/fhir/json/json.h"

enum { MOST_MESSAGE = 512 };

bool snapshot_maker_count(struct maker *maker)
{
    struct shelf *shelf = maker->shelf;
    if (++shelf->element_count <= SNAPSHOT_MOST_ELEMENTS)
        return true;
    if (!shelf->is_full)
        issue_add(maker->issues, NULL, ISSUE_TOO_COSTLY, "more than %d elements",
                  SNAPSHOT_MOST_ELEMENTS);
    shelf->is_full = true;
    return false;
}

static struct issue *raise(struct maker *maker, const struct branch *at, enum issue_id id,
                           const char *message)
{
    struct place definition = PLACE_ROOT("StructureDefinition");
    struct place differential = { &definition, "differential", NULL, -1, -1 };
    struct place element = { &differential, "element", NULL, -1, -1 };
    while (at && at->index < 0)
        at = at->child ? at->child : at->next;
    if (at) {
        element.index = at->index;
        element.offset = json_offset(at->element);
    }
    struct str path = json_get_text(at ? at->element : NULL, "path");
    struct issue *issue =
        issue_raise(maker->issues, at ? &element : &differential, id, STR_FMT ": " STR_FMT "%s%s",
                    STR_ARG(maker->url), STR_ARG(path), path.len ? ": " : "", message);
    issue->profile = maker->url;
    return issue;
}

bool snapshot_maker_refuse(struct maker *maker, const struct branch *at, const char *format, ...)
{
    char message[MOST_MESSAGE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    raise(maker, at, ISSUE_PROFILE_BROKEN, message);
    return false;
}

void snapshot_maker_warn(struct maker *maker, const struct branch *at, const char *format, ...)
{
    char message[MOST_MESSAGE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    issue_set_severity(maker->issues, raise(maker, at, ISSUE_PROFILE_UNKNOWN, message),
                       SEVERITY_WARNING);
}
