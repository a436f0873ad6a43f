/* viewer.c - what a viewer's scopes allow. */
#include "server/security/viewer.h"

const struct viewer *viewer_server(void)
{
    static const struct viewer SERVER = { .client = { "server", 6 }, .is_server = true };
    return &SERVER;
}

bool viewer_may(const struct viewer *viewer, struct str type, enum act act)
{
    if (viewer->is_tester || viewer->is_server)
        return true;
    for (size_t i = 0; i < viewer->scope_count; i++) {
        const struct scope *scope = &viewer->scopes[i];
        if ((scope->acts & (unsigned)act) &&
            (str_is(scope->type, "*") || str_equal(scope->type, type)))
            return true;
    }
    return false;
}
