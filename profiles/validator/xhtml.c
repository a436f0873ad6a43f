/* xhtml.c - R4's two rules about a narrative's div, over the scan of its markup. */
#include "profiles/validator/xhtml.h"

#include "profiles/validator/run.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/narrative/xhtml.h"

int validator_xhtml_is_allowed(struct run *run, const struct node *node)
{
    (void)run;
    bool is_allowed, has_text;
    return xhtml_scan(json_text(node->value), &is_allowed, &has_text) || is_allowed;
}

int validator_xhtml_has_text(struct run *run, const struct node *node)
{
    (void)run;
    bool is_allowed, has_text;
    return xhtml_scan(json_text(node->value), &is_allowed, &has_text) || has_text;
}
