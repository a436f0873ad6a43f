/* log.h - one JSON line an event: time, level, event, fields. */
#ifndef SERVER_LOG_LOG_H
#define SERVER_LOG_LOG_H
#include "resources/base/str.h"
#include "server/log/events.h"

/* What is written never holds clinical content, tokens or query values: only the fields of the
 * events table. Text is escaped and cut to LOG_MOST_TEXT bytes, so that what a client sends cannot
 * make a line of its own. Safe from any thread. */
struct log;
enum { LOG_MOST_TEXT = 256 };

enum log_level { LEVEL_ERROR, LEVEL_WARN, LEVEL_INFO, LEVEL_DEBUG };

#define LOG_EVENT_ENUM(id, name, level, fields) LOG_##id,
enum log_event { LOG_EVENTS(LOG_EVENT_ENUM) LOG_EVENT_COUNT };

struct log_field {
    const char *name;
    struct str text;
    int64_t number;
    bool is_number;
};
#define LOG_TEXT(name, value) ((struct log_field){ (name), (value), 0, false })
#define LOG_NUMBER(name, value) ((struct log_field){ (name), { NULL, 0 }, (value), true })

/* Events below `least` are dropped. The descriptor stays the caller's. */
struct log *log_open(int descriptor, enum log_level least);
void log_close(struct log *log);
/* log may be NULL. A request's line may wait for the next log_flush; all others are written at
 * once. Empty texts are left out. */
void log_write(struct log *log, enum log_event event, const struct log_field *fields, size_t count);
#define LOG(log, event, ...)                                                                       \
    log_write((log), (event), (const struct log_field[]){ __VA_ARGS__ },                           \
              COUNT(((const struct log_field[]){ __VA_ARGS__ })))
void log_flush(struct log *log);
bool log_parse_level(enum log_level *level, struct str text);
#endif
