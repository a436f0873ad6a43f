/* cors.h - which web pages may call, and what their browsers are told (Fetch standard, CORS). */
#ifndef SERVER_INTERACTIONS_CORS_H
#define SERVER_INTERACTIONS_CORS_H
#include "server/interactions/interaction.h"

/* Whether the request comes from a page whose origin the configuration lists. */
bool cors_is_allowed(const struct interaction *interaction);
/* A preflight of such a page: answered here, since a browser sends no certificate with it. */
bool cors_answer_preflight(struct interaction *interaction);
/* The headers with which its browser shows the page an answer. */
void cors_add_headers(struct interaction *interaction);
#endif
