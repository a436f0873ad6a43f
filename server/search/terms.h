/* terms.h - values of :in, :not-in, :above and :below on tokens: the codes that terminology says
 * they stand for. */
#ifndef SERVER_SEARCH_TERMS_H
#define SERVER_SEARCH_TERMS_H
#include "server/search/condition.h"

/* Fills the values of a token condition whose modifier is one of these, which is then none or :not.
 */
bool terms_values(struct parsing *with, struct search_condition *out,
                  const struct condition_text *text);
#endif
