/* insert.c - binding values to insert statements. */
#include "server/store/sqlite/insert.h"

#include "server/store/sqlite/links.h"

static void bind_named_text(sqlite3_stmt *add, const struct prepared_row *row)
{
    db_bind(add, 3, row->first);
    db_bind_text(add, 4, row->row->second);
}

static void bind_texts(sqlite3_stmt *add, const struct prepared_row *row)
{
    db_bind_text(add, 3, row->row->first);
    db_bind_text(add, 4, row->row->second);
}

static void bind_text(sqlite3_stmt *add, const struct prepared_row *row)
{
    db_bind_text(add, 3, row->row->first);
}

static void bind_times(sqlite3_stmt *add, const struct prepared_row *row)
{
    db_bind(add, 3, row->row->low);
    db_bind(add, 4, row->row->high);
}

static void bind_numbers(sqlite3_stmt *add, const struct prepared_row *row)
{
    sqlite3_bind_double(add, 3, row->row->number_low);
    sqlite3_bind_double(add, 4, row->row->number_high);
}

static void bind_quantity(sqlite3_stmt *add, const struct prepared_row *row)
{
    bind_named_text(add, row);
    sqlite3_bind_double(add, 5, row->row->number_low);
    sqlite3_bind_double(add, 6, row->row->number_high);
}

/* text, key, low, high: what the part's kind has of them. No NULLs, which a primary key refuses. */
static void bind_part(sqlite3_stmt *add, int at, const struct index_row *part, int64_t key)
{
    bool is_first = part->kind == INDEX_STRING || part->kind == INDEX_URI;
    db_bind_text(add, at, is_first ? part->first : part->second);
    db_bind(add, at + 1, key);
    if (part->kind == INDEX_NUMBER || part->kind == INDEX_QUANTITY) {
        sqlite3_bind_double(add, at + 2, part->number_low);
        sqlite3_bind_double(add, at + 3, part->number_high);
    } else {
        db_bind(add, at + 2, part->low);
        db_bind(add, at + 3, part->high);
    }
}

static void bind_parts(sqlite3_stmt *add, const struct prepared_row *row)
{
    static const struct index_row NONE = { .kind = INDEX_TOKEN };
    enum { FIRST = 3, COLUMNS = 4 };
    for (int i = 0; i < INDEX_MOST_PARTS; i++)
        bind_part(add, FIRST + i * COLUMNS,
                  (size_t)i < row->row->part_count ? &row->row->parts[i] : &NONE, row->parts[i]);
}

static void bind_nothing(sqlite3_stmt *add, const struct prepared_row *row)
{
    (void)add, (void)row;
}

static const struct {
    enum sql sql;
    void (*bind)(sqlite3_stmt *add, const struct prepared_row *row);
} KINDS[] = {
    [INDEX_TOKEN] = { SQL_TOKEN_ADD, bind_named_text },
    [INDEX_STRING] = { SQL_STRING_ADD, bind_texts },
    [INDEX_DATE] = { SQL_DATE_ADD, bind_times },
    [INDEX_REFERENCE] = { SQL_REFERENCE_ADD, bind_named_text },
    [INDEX_URI] = { SQL_URI_ADD, bind_text },
    [INDEX_NUMBER] = { SQL_NUMBER_ADD, bind_numbers },
    [INDEX_QUANTITY] = { SQL_QUANTITY_ADD, bind_quantity },
    [INDEX_PRESENCE] = { SQL_PRESENCE_ADD, bind_nothing },
    [INDEX_COMPOSITE] = { SQL_COMPOSITE_ADD, bind_parts },
    [INDEX_POSITION] = { SQL_POSITION_ADD, bind_numbers },
};

static bool insert_row(struct db *db, int64_t version_key, const struct prepared_row *row)
{
    sqlite3_stmt *add = db_sql(db, KINDS[row->row->kind].sql);
    db_bind(add, 1, version_key);
    db_bind(add, 2, row->parameter);
    KINDS[row->row->kind].bind(add, row);
    return db_done(add);
}

static bool insert_signature(const struct insert_place *place, const struct index_rows *index)
{
    sqlite3_stmt *add = db_sql(place->db, SQL_SIGNATURE_ADD);
    if (!index->is_signed)
        return true;
    db_bind(add, 1, place->version_key);
    db_bind_blob(add, 2, index->narrative);
    db_bind_blob(add, 3, index->content);
    return db_done(add);
}

bool insert_index(const struct insert_place *place, const struct store_write *write,
                  const struct prepared_write *prepared)
{
    for (size_t i = 0; i < prepared->row_count; i++)
        if (!insert_row(place->db, place->version_key, &prepared->rows[i]))
            return false;
    for (size_t i = 0; write->index && i < write->index->patient_count; i++) {
        sqlite3_stmt *add = db_sql(place->db, SQL_COMPARTMENT_ADD);
        db_bind(add, 1, place->version_key);
        db_bind_text(add, 2, write->index->patients[i]);
        db_bind(add, 3, prepared->type);
        if (!db_done(add))
            return false;
    }
    return !write->index || insert_signature(place, write->index);
}

static bool insert_resource(struct insert_place *place, const struct store_write *write,
                            const struct prepared_write *prepared)
{
    sqlite3_stmt *at;
    if (place->resource) {
        at = db_sql(place->db, SQL_RESOURCE_SET);
        db_bind(at, 1, place->version_key);
        db_bind(at, 2, place->resource);
        return db_done(at);
    }
    at = db_sql(place->db, SQL_RESOURCE_ADD);
    db_bind(at, 1, prepared->type);
    db_bind_text(at, 2, write->id);
    db_bind(at, 3, place->version_key);
    if (!db_done(at))
        return false;
    place->resource = sqlite3_last_insert_rowid(place->db->handle);
    return true;
}

static bool insert_body(const struct insert_place *place, const struct store_write *write,
                        const struct prepared_write *prepared)
{
    sqlite3_stmt *add = db_sql(place->db, SQL_BODY_ADD);
    db_bind(add, 1, place->version_key);
    db_bind(add, 2, (int64_t)write->meta_at);
    db_bind(add, 3, prepared->body.dictionary);
    db_bind_blob(add, 4, prepared->body.bytes);
    return db_done(add);
}

bool insert_version(struct insert_place *place, const struct store_write *write,
                    const struct prepared_write *prepared)
{
    bool is_deletion = write->method == STORE_DELETE;
    if (!insert_resource(place, write, prepared))
        return false;
    sqlite3_stmt *add = db_sql(place->db, SQL_VERSION_ADD);
    db_bind(add, 1, place->version_key);
    db_bind(add, 2, place->resource);
    db_bind(add, 3, prepared->type);
    db_bind(add, 4, (int64_t)write->version);
    db_bind(add, 5, (int64_t)place->commit);
    db_bind(add, 6, write->updated_us);
    db_bind(add, 7, write->method);
    db_bind(add, 8, prepared->owner);
    db_bind(add, 9, (int64_t)write->labels);
    db_bind(add, 10, !is_deletion);
    db_bind_blob(add, 11, (struct str){ (const char *)prepared->hash, sizeof prepared->hash });
    db_bind(add, 12, is_deletion ? place->context : prepared->context);
    if (!db_done(add))
        return false;
    return is_deletion ||
           (insert_body(place, write, prepared) && insert_index(place, write, prepared) &&
            links_insert(place->db, place->version_key, write));
}

bool insert_commit(struct db *db, uint64_t number, int64_t at_us)
{
    sqlite3_stmt *add = db_sql(db, SQL_COMMIT_ADD);
    db_bind(add, 1, (int64_t)number);
    db_bind(add, 2, at_us);
    return db_done(add);
}

bool insert_job(struct db *db, const struct store_job *job, int64_t now_us)
{
    sqlite3_stmt *add = db_sql(db, SQL_JOB_ADD);
    db_bind_text(add, 1, job->kind);
    db_bind_text(add, 2, job->lane);
    db_bind_text(add, 3, job->key);
    db_bind_blob(add, 4, job->payload);
    db_bind(add, 5, job->due_us ? job->due_us : now_us);
    return db_done(add);
}

bool insert_audit(struct db *db, const struct body_packed *audit, uint64_t number, int64_t at_us)
{
    sqlite3_stmt *add = db_sql(db, SQL_AUDIT_ADD);
    db_bind(add, 1, (int64_t)number);
    db_bind(add, 2, at_us);
    db_bind(add, 3, audit->dictionary);
    db_bind_blob(add, 4, audit->bytes);
    return db_done(add);
}
