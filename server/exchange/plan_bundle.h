/* plan_bundle.h - a care plan and what belongs to it, as the one transaction another party
 * receives. */
#ifndef SERVER_EXCHANGE_PLAN_BUNDLE_H
#define SERVER_EXCHANGE_PLAN_BUNDLE_H
#include "server/service.h"

/* In the Bundle: the plan, its subject, care teams, goals, requests (activity.reference), forms
 * (supportingInfo that is a QuestionnaireResponse) and the subject's active consents. Each entry is
 * a conditional update on the identifier
 * `<base>|<Type>/<id>`, its fullUrl `<base>/<Type>/<id>`, its meta.source that with
 * `/_history/<version>` behind it, so that the receiver knows which version came; every other local
 * reference becomes absolute. Copies that another party sent here are theirs to send: they stay
 * references. */
struct plan_bundle {
    struct str text;    /* the Bundle, compact JSON */
    struct str subject; /* "Patient/x", or empty */
    size_t entries;
};
enum { PLAN_BUNDLE_MOST_ENTRIES = 2000 };

/* plan: what store_read gave for the CarePlan. Everything is read as the viewer; a record that the
 * viewer may not see is not sent. False with issues (a scope that is missing, too many entries). */
bool plan_bundle_make(struct plan_bundle *out, const struct service *service,
                      const struct viewer *viewer, const struct store_version *plan,
                      struct arena *arena, struct issues *issues);
#endif
