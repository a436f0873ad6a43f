/* library.h - the stored records that a validation may ask for by canonical: the Questionnaire of a
 * response. */
#ifndef SERVER_INTERACTIONS_LIBRARY_H
#define SERVER_INTERACTIONS_LIBRARY_H
#include "profiles/validator/validator.h"
#include "server/service.h"

struct write;
/* Only what the viewer may read is found. writes: what is about to be written together, looked at
 * first; may be NULL. */
struct library {
    const struct service *service;
    const struct viewer *viewer;
    const struct write *writes;
    size_t count;
};
/* For validation_request; `library` must live as long. */
struct validation_library library_lend(struct library *library);
#endif
