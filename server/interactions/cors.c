/* cors.c - judges origins, answers preflights. */
#include "server/interactions/cors.h"

static const char METHODS[] = "GET, HEAD, POST, PUT, PATCH, DELETE";
static const char ASKED[] =
    "Accept, Authorization, Content-Encoding, Content-Type, Idempotency-Key, If-Match, "
    "If-Modified-Since, If-None-Exist, If-None-Match, Prefer, X-Provenance, X-Request-Id";
static const char SHOWN[] =
    "Content-Location, ETag, Last-Modified, Location, Retry-After, X-Progress, X-Request-Id";

/* How the configuration lists the request's origin: itself, "*", or NULL. */
static const struct str *find(const struct interaction *interaction)
{
    const struct service *service = interaction->service;
    struct str origin = http_header(interaction->request, "Origin");
    const struct str *any = NULL;
    for (size_t i = 0; origin.len && i < service->cors_count; i++) {
        if (str_equal(service->cors[i], origin))
            return &service->cors[i];
        if (str_is(service->cors[i], "*"))
            any = &service->cors[i];
    }
    return any;
}

bool cors_is_allowed(const struct interaction *interaction)
{
    return find(interaction) != NULL;
}

void cors_add_headers(struct interaction *interaction)
{
    const struct str *found = find(interaction);
    if (!found)
        return;
    http_answer_header(&interaction->answer, "Access-Control-Allow-Origin", *found);
    http_answer_header(&interaction->answer, "Access-Control-Expose-Headers", str_of(SHOWN));
    /* A page that is listed by name may use the certificate; any page may not. */
    if (!str_is(*found, "*"))
        http_answer_header(&interaction->answer, "Access-Control-Allow-Credentials", STR("true"));
}

bool cors_answer_preflight(struct interaction *interaction)
{
    const struct http_request *request = interaction->request;
    if (!str_is(request->method, "OPTIONS") || !cors_is_allowed(interaction) ||
        !http_header(request, "Access-Control-Request-Method").len)
        return false;
    http_answer_header(&interaction->answer, "Access-Control-Allow-Methods", str_of(METHODS));
    http_answer_header(&interaction->answer, "Access-Control-Allow-Headers", str_of(ASKED));
    http_answer_header(&interaction->answer, "Access-Control-Max-Age", STR("600"));
    interaction_answer(interaction, 204, (struct str){ 0 });
    return true;
}
