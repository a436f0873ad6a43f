/* prepare.c - packing bodies, hashing them, turning names into keys. */
#include "server/store/sqlite/prepare.h"

#include <openssl/evp.h>
#include <string.h>

#include "resources/base/arena.h"

/* Looks in the cache alone without a connection; with one (the writer's) adds what is missing. */
struct naming {
    struct sqlite *sqlite;
    struct db *db;
    struct arena *arena;
    bool is_complete;
};

static int64_t name(struct naming *naming, enum name_kind kind, struct str text)
{
    struct names *names = &naming->sqlite->names;
    int64_t key = naming->db && text.len ? names_add(names, naming->db, kind, text)
                                         : names_cached(names, kind, text);
    if (key == NAME_UNKNOWN)
        naming->is_complete = false;
    return key;
}

static enum name_kind kind_of_first(enum index_kind kind)
{
    return kind == INDEX_REFERENCE ? NAME_TYPE : NAME_SYSTEM;
}

static bool has_named_first(enum index_kind kind)
{
    return kind == INDEX_TOKEN || kind == INDEX_QUANTITY || kind == INDEX_REFERENCE;
}

static void name_row(struct naming *naming, struct str type, struct prepared_row *row)
{
    char room[NAMES_PARAMETER_ROOM];
    row->parameter = name(naming, NAME_PARAMETER,
                          names_parameter(room, type, row->row->parameter, naming->arena));
    if (has_named_first(row->row->kind))
        row->first = name(naming, kind_of_first(row->row->kind), row->row->first);
    for (size_t i = 0; i < row->row->part_count; i++) {
        const struct index_row *part = &row->row->parts[i];
        if (has_named_first(part->kind))
            row->parts[i] = name(naming, kind_of_first(part->kind), part->first);
    }
}

static void name_writes(struct naming *naming, struct prepared *prepared)
{
    for (size_t i = 0; i < prepared->commit->write_count; i++) {
        const struct store_write *write = &prepared->commit->writes[i];
        struct prepared_write *to = &prepared->writes[i];
        to->type = name(naming, NAME_TYPE, write->type);
        to->owner = name(naming, NAME_OWNER, write->owner);
        to->context = name(naming, NAME_TYPE, write->context);
        for (size_t r = 0; r < to->row_count; r++)
            name_row(naming, write->type, &to->rows[r]);
    }
}

static void prepare_write(struct prepared_write *to, struct sqlite *sqlite,
                          const struct store_write *write, struct arena *arena)
{
    uint8_t hash[EVP_MAX_MD_SIZE];
    EVP_Digest(write->body.len ? write->body.data : "", write->body.len, hash, NULL, EVP_sha256(),
               NULL);
    memcpy(to->hash, hash, sizeof to->hash);
    if (write->method != STORE_DELETE)
        bodies_pack(&to->body, &sqlite->bodies, write->body, arena);
    if (!write->index)
        return;
    to->row_count = write->index->count;
    to->rows = arena_array(arena, to->row_count, sizeof *to->rows);
    for (size_t i = 0; i < to->row_count; i++)
        to->rows[i].row = &write->index->rows[i];
}

void prepare_commit(struct prepared *prepared, struct sqlite *sqlite, struct store_commit *commit,
                    struct arena *arena)
{
    *prepared = (struct prepared){
        .commit = commit,
        .writes = arena_array(arena, commit->write_count, sizeof *prepared->writes),
        .audits = arena_array(arena, commit->audit_count, sizeof *prepared->audits),
        .arena = arena,
        .generation = names_generation(&sqlite->names),
    };
    for (size_t i = 0; i < commit->write_count; i++)
        prepare_write(&prepared->writes[i], sqlite, &commit->writes[i], arena);
    for (size_t i = 0; i < commit->audit_count; i++)
        bodies_pack(&prepared->audits[i], &sqlite->bodies, commit->audits[i], arena);
    struct naming naming = { sqlite, NULL, arena, true };
    name_writes(&naming, prepared);
    prepared->has_unknown_names = !naming.is_complete;
}

bool prepare_names(struct prepared *prepared, struct sqlite *sqlite, struct db *db)
{
    struct naming naming = { sqlite, db, prepared->arena, true };
    name_writes(&naming, prepared);
    return naming.is_complete;
}
