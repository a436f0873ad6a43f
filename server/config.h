/* config.h - every option and limit of `tandem serve`: one table for file, environment, flags,
 * help.
 */
#ifndef SERVER_CONFIG_H
#define SERVER_CONFIG_H
#include "profiles/validator/validator.h"
#include "resources/base/buf.h"
#include "resources/base/issue.h"
#include "server/log/log.h"

enum { CONFIG_MOST_LIST = 64 };
/* AUTO: where a program is loaded. */
enum config_references { REFERENCES_AUTO, REFERENCES_CHECK, REFERENCES_OFF };
struct config_list {
    struct str items[CONFIG_MOST_LIST];
    size_t count;
};

/* Values as they stand after all sources were read; texts are NUL-terminated and live in the arena
 * that was passed. What the keys mean is in the table of config.c. */
struct config {
    struct str listen, base_url, db, registry, metrics, tls_cert, tls_key;
    struct str delivery_cert, delivery_key, delivery_ca, delivery_revoked, delivery_networks;
    struct config_list tls_ca, programs, public_types, packages, cors;
    bool is_dev, has_test_clock;
    int validation; /* enum validation */
    int references; /* enum config_references */
    int log_level;  /* enum log_level */
    uint64_t workers, loops, readers;
    uint64_t body_bytes, transaction_bytes, transaction_entries, held_bytes, head_bytes, headers;
    uint64_t delete_matches, batch_at_once, client_rate, client_burst;
    uint64_t head_seconds, body_seconds, idle_seconds, write_seconds, request_seconds;
    uint64_t async_workers, async_seconds, async_keep;
    uint64_t connections, work_waiting, drain_seconds, page_seconds;
    uint64_t delivery_give_up, delivery_first_wait, delivery_most_wait, delivery_attempt;
    uint64_t deliveries_waiting;

    unsigned char sources[CONFIG_MOST_LIST]; /* which source set a row last, by its place */
};

/* Sources, in the order in which they are read: each outweighs those before it. */
enum config_source { CONFIG_DEFAULT, CONFIG_FILE, CONFIG_ENVIRONMENT, CONFIG_FLAG };

void config_init(struct config *config);
struct config_entry {
    struct str name, value;
    const struct place *at;
};
/* One key. False with an issue: no such key, or not a value of its type and range. */
bool config_set(struct config *config, enum config_source source, const struct config_entry *entry,
                struct arena *arena, struct issues *issues);
/* An INI file without sections, or with the one section [server]. */
bool config_read_file(struct config *config, const char *path, struct arena *arena,
                      struct issues *issues);
/* Variables TANDEM_LISTEN=..., with '_' for '-'. Those that name no key are left alone. */
bool config_read_environment(struct config *config, char *const *environment, struct arena *arena,
                             struct issues *issues);
/* What does not go together, and what is missing. */
bool config_check(const struct config *config, struct issues *issues);
/* The table as text. */
void config_print_help(struct buf *text);

/* For getopt_long: names and whether they take a value, up to count; NULL behind the last. */
const char *config_name(size_t row, bool *has_value);
/* Cuts HOST:PORT, [V6]:PORT; false when it is neither. host is NUL-terminated in the arena. */
bool config_cut_address(const char **host, int *port, struct str address, struct arena *arena);
/* A name that only this machine's own programs can reach. */
bool config_is_loopback(const char *host);
#endif
