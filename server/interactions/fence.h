/* fence.h - while what refers to a record is moved elsewhere, changes that refer to it wait. */
#ifndef SERVER_INTERACTIONS_FENCE_H
#define SERVER_INTERACTIONS_FENCE_H
#include "server/interactions/write.h"

/* It only makes room: what must hold, the guards of the commit hold. So a change that is past it
 * already, or whose references are known later, does no harm. Safe from any thread; NULL is allowed
 * and keeps nobody. */
struct fence;
struct fence *fence_open(void);
void fence_close(struct fence *fence);

enum { FENCE_MOST_SECONDS = 10 }; /* that a change waits; then it goes on */
/* Stands from fence_raise to fence_lower. */
struct fence_post {
    struct str type, id;
    struct fence_post *next;
};
void fence_raise(struct fence *fence, struct fence_post *post);
void fence_lower(struct fence *fence, struct fence_post *post);
/* Waits while a resource of the set refers to the record of a post; a worker is lent meanwhile. */
void fence_pass(struct fence *fence, const struct write_set *set);
#endif
