/* catalog_fake.h - for tests that stand in for the store and so do not link the catalog: a service
 * without one. */
#ifndef SERVER_CATALOG_FAKE_H
#define SERVER_CATALOG_FAKE_H
#include "server/catalog.h"

bool catalog_has_type(struct str type)
{
    (void)type;
    return false;
}

const struct service *catalog_pin(const struct service *service)
{
    return service;
}

void catalog_unpin(const struct service *pinned)
{
    (void)pinned;
}

bool catalog_may(const struct viewer *viewer, struct str type, const struct place *at,
                 struct issues *issues)
{
    (void)viewer, (void)type, (void)at, (void)issues;
    return true;
}

bool catalog_check(const struct service *service, const cJSON *resource, struct issues *issues)
{
    (void)service, (void)resource, (void)issues;
    return true;
}

void catalog_apply(const struct service *service, const struct catalog_change *changes,
                   size_t count)
{
    (void)service, (void)changes, (void)count;
}
#endif
