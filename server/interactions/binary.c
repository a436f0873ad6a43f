/* binary.c - the security context of a Binary. */
#include "server/interactions/binary.h"

#include "resources/fhir/types/reference.h"

struct str binary_context(const cJSON *resource, struct str base_url)
{
    const cJSON *context = json_get(resource, "securityContext");
    if (!context || !str_is(json_get_text(resource, "resourceType"), "Binary"))
        return (struct str){ 0 };
    struct reference to = reference_parse(json_get_text(context, "reference"));
    bool is_here = to.kind == REFERENCE_RELATIVE ||
                   (to.kind == REFERENCE_ABSOLUTE && str_equal(to.base, base_url));
    return is_here ? to.type : STR("*");
}
