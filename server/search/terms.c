/* terms.c - expands value sets and hierarchies of codes into tokens. */
#include "server/search/terms.h"

bool terms_values(struct parsing *with, struct search_condition *out,
                  const struct condition_text *text)
{
    (void)out;
    return parse_unknown(with, text->pair, "no terminology is here to answer this modifier");
}
