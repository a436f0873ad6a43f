/* words.c - reads what is asked of texts, and looks for it in them. */
#include "server/search/words.h"

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "server/search/fold.h"

/* Letters and digits, and everything that is not ASCII. */
static bool is_inside(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z');
}

struct str words_next(struct str *rest)
{
    size_t from = 0, to;
    while (from < rest->len && !is_inside(rest->data[from]))
        from++;
    for (to = from; to < rest->len && is_inside(rest->data[to]);)
        to++;
    struct str word = str_slice(*rest, from, to);
    *rest = str_slice(*rest, to, rest->len);
    return word;
}

/* All words of a text. */
static const struct str *cut(struct str text, size_t *count, struct arena *arena)
{
    struct str *words = arena_array(arena, text.len / 2 + 1, sizeof *words);
    *count = 0;
    for (struct str word = words_next(&text); word.len; word = words_next(&text))
        words[(*count)++] = word;
    return words;
}

struct parser {
    struct words *out;
    struct str rest;
    struct arena *arena;
    bool is_wrong;
};

static unsigned add_node(struct parser *parser, enum words_kind kind, unsigned left, unsigned right)
{
    struct words *out = parser->out;
    if (out->node_count == WORDS_MOST_NODES) {
        parser->is_wrong = true;
        return 0;
    }
    out->nodes[out->node_count] = (struct words_node){ kind, left, right };
    return (unsigned)out->node_count++;
}

/* The character that comes next and means something: a bracket, a quotation mark, a letter (a word
 * begins), NUL at the end. */
static char peek(struct parser *parser)
{
    struct str *rest = &parser->rest;
    while (rest->len && !is_inside(rest->data[0]) && !strchr("()\"", rest->data[0]))
        *rest = str_slice(*rest, 1, rest->len);
    return rest->len ? rest->data[0] : '\0';
}

/* Takes the word if it is this one. */
static bool take(struct parser *parser, const char *word)
{
    struct str rest = parser->rest;
    char next = peek(parser);
    rest = parser->rest;
    if (!next || !is_inside(next) || !str_is(words_next(&rest), word))
        return false;
    parser->rest = rest;
    return true;
}

static unsigned add_term(struct parser *parser, struct str text)
{
    struct words *out = parser->out;
    size_t count;
    const struct str *words = cut(text, &count, parser->arena);
    if (!count || out->term_count == WORDS_MOST_TERMS) {
        parser->is_wrong = true;
        return 0;
    }
    out->terms[out->term_count] = (struct words_term){ words, count };
    return add_node(parser, WORDS_TERM, (unsigned)out->term_count++, 0);
}

static unsigned parse_or(struct parser *parser, unsigned depth);

static unsigned parse_one(struct parser *parser, unsigned depth)
{
    char next = peek(parser);
    struct str *rest = &parser->rest;
    if (next == '(') {
        *rest = str_slice(*rest, 1, rest->len);
        unsigned inner = parse_or(parser, depth + 1);
        parser->is_wrong = parser->is_wrong || peek(parser) != ')';
        *rest = str_slice(*rest, 1, rest->len);
        return inner;
    }
    if (next == '"') {
        size_t end = str_find(*rest, '"', 1);
        struct str phrase = str_slice(*rest, 1, end);
        parser->is_wrong = parser->is_wrong || end == rest->len;
        *rest = str_slice(*rest, end + 1, rest->len);
        return add_term(parser, phrase);
    }
    parser->is_wrong = parser->is_wrong || !is_inside(next);
    return add_term(parser, words_next(rest));
}

static unsigned parse_and(struct parser *parser, unsigned depth)
{
    unsigned left = parse_one(parser, depth);
    while (!parser->is_wrong) {
        struct str kept = parser->rest;
        bool is_and = take(parser, "and");
        char next = peek(parser);
        if (!is_and && (!next || next == ')' || take(parser, "or"))) {
            parser->rest = kept;
            break;
        }
        left = add_node(parser, WORDS_AND, left, parse_one(parser, depth));
    }
    return left;
}

static unsigned parse_or(struct parser *parser, unsigned depth)
{
    if (depth > WORDS_MOST_DEPTH) {
        parser->is_wrong = true;
        return 0;
    }
    unsigned left = parse_and(parser, depth);
    while (!parser->is_wrong && take(parser, "or"))
        left = add_node(parser, WORDS_OR, left, parse_and(parser, depth));
    return left;
}

bool words_parse(struct words *out, struct str folded, struct arena *arena)
{
    struct parser parser = { .out = out, .rest = folded, .arena = arena };
    out->term_count = out->node_count = 0;
    parse_or(&parser, 0);
    return !parser.is_wrong && !peek(&parser);
}

static bool has_at(const struct words_term *term, const struct str *words, size_t left)
{
    size_t same = 0;
    while (same < term->count && same < left && str_equal(term->words[same], words[same]))
        same++;
    return same == term->count;
}

void words_look(const struct words *words, struct str folded, uint32_t *found, struct arena *arena)
{
    struct arena_mark mark = arena_mark(arena);
    size_t count;
    const struct str *text = cut(folded, &count, arena);
    for (size_t at = 0; at < count; at++)
        for (size_t i = 0; i < words->term_count; i++)
            if (has_at(&words->terms[i], text + at, count - at))
                *found |= UINT32_C(1) << i;
    arena_reset(arena, mark);
}

/* Parts come before what they are parts of. */
bool words_hold(const struct words *words, uint32_t found)
{
    bool holds[WORDS_MOST_NODES] = { false };
    for (size_t i = 0; i < words->node_count; i++) {
        const struct words_node *node = &words->nodes[i];
        holds[i] = node->kind == WORDS_TERM  ? (found >> node->left & 1) != 0
                   : node->kind == WORDS_AND ? holds[node->left] && holds[node->right]
                                             : holds[node->left] || holds[node->right];
    }
    return words->node_count && holds[words->node_count - 1];
}

/* Who is shown each text as it stands, not folded yet. */
struct walking {
    struct arena *arena;
    void (*visit)(void *context, struct str text);
    void *context;
};

static void visit_text(const struct walking *with, struct str text)
{
    with->visit(with->context, text);
}

/* The text of XHTML: tags become blanks. */
static void visit_markup(const struct walking *with, struct str markup)
{
    struct arena_mark mark = arena_mark(with->arena);
    char *text = arena_copy(with->arena, markup.data, markup.len);
    bool is_tag = false;
    for (size_t i = 0; i < markup.len; i++) {
        is_tag = is_tag || text[i] == '<';
        bool ends = is_tag && text[i] == '>';
        if (is_tag)
            text[i] = ' ';
        is_tag = is_tag && !ends;
    }
    visit_text(with, (struct str){ text, markup.len });
    arena_reset(with->arena, mark);
}

/* The depth of what is stored is bounded by the parser. */
static void visit_tree(const struct walking *with, const cJSON *item)
{
    for (; item; item = item->next) {
        if (cJSON_IsString(item) && item->string && strcmp(item->string, "div") == 0)
            visit_markup(with, json_text(item));
        else if (cJSON_IsString(item))
            visit_text(with, json_text(item));
        else
            visit_tree(with, item->child);
    }
}

static void walk(const cJSON *resource, bool is_narrative, const struct walking *with)
{
    if (is_narrative)
        visit_markup(with, json_get_text(json_get(resource, "text"), "div"));
    else
        visit_tree(with, resource->child);
}

/* Who is shown them folded. */
struct folding {
    struct arena *arena;
    void (*visit)(void *context, struct str folded);
    void *context;
};

static void fold_and_visit(void *context, struct str text)
{
    const struct folding *folding = context;
    struct arena_mark mark = arena_mark(folding->arena);
    folding->visit(folding->context, search_fold(text, folding->arena));
    arena_reset(folding->arena, mark);
}

void words_walk(const cJSON *resource, bool is_narrative, struct arena *arena,
                void (*visit)(void *context, struct str folded), void *context)
{
    struct folding folding = { arena, visit, context };
    walk(resource, is_narrative, &(struct walking){ arena, fold_and_visit, &folding });
}

/* FNV-1a, 64 bits: both halves give the bits of a word. */
#define HASH_BEGIN UINT64_C(0xcbf29ce484222325)
#define HASH_FACTOR UINT64_C(0x100000001b3)

/* Of a short word FNV reaches the upper bits hardly; a mark is made of those. Never 0. */
static uint64_t hash_end(uint64_t hash)
{
    hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
    hash = (hash ^ hash >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return (hash ^ hash >> 33) | 1;
}

static uint64_t hash_of(struct str word)
{
    uint64_t hash = HASH_BEGIN;
    for (size_t i = 0; i < word.len; i++)
        hash = (hash ^ (unsigned char)word.data[i]) * HASH_FACTOR;
    return hash_end(hash);
}

enum { BITS_A_WORD = 10, MARKS = 4, LEAST_BYTES = 8, MOST_SIGNED = 4096, FIRST_ROOM = 256 };

static size_t mark_of(uint64_t hash, unsigned mark, size_t bits)
{
    uint32_t from = (uint32_t)(hash + mark * (hash >> 32 | 1));
    return (size_t)((uint64_t)from * bits >> 32);
}

/* Distinct words as they are met: a table of their hashes, at most half full. Past MOST_SIGNED
 * words a signature would tell little and is one that may have any. */
struct signing {
    struct arena *arena; /* of the table */
    struct arena *texts; /* while one is folded */
    uint64_t *hashes;
    size_t count, room; /* room: a power of two */
    bool is_over;
};

static uint64_t *slot_of(const struct signing *signing, uint64_t hash)
{
    size_t at = (size_t)(hash >> 1) & (signing->room - 1);
    while (signing->hashes[at] && signing->hashes[at] != hash)
        at = (at + 1) & (signing->room - 1);
    return &signing->hashes[at];
}

static void widen(struct signing *signing)
{
    const struct signing old = *signing;
    signing->room = old.room ? old.room * 2 : FIRST_ROOM;
    signing->hashes = arena_array(signing->arena, signing->room, sizeof *signing->hashes);
    for (size_t i = 0; i < old.room; i++)
        if (old.hashes[i])
            *slot_of(signing, old.hashes[i]) = old.hashes[i];
}

static void sign_word(struct signing *signing, uint64_t hash)
{
    if (signing->count * 2 >= signing->room)
        widen(signing);
    uint64_t *slot = slot_of(signing, hash);
    signing->count += !*slot;
    *slot = hash;
    signing->is_over = signing->count > MOST_SIGNED;
}

/* Folding what is ASCII needs no copy; false at the first byte that is not. What was signed before
 * it stays: a word cut short, at most, that nobody will ask for. */
static bool sign_ascii(struct signing *signing, struct str text)
{
    uint64_t hash = HASH_BEGIN;
    bool is_word = false;
    for (size_t i = 0; i < text.len && !signing->is_over; i++) {
        char c = text.data[i];
        c = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        if ((unsigned char)c >= 0x80)
            return false;
        if (is_inside(c)) {
            hash = (hash ^ (unsigned char)c) * HASH_FACTOR;
            is_word = true;
        } else if (is_word) {
            sign_word(signing, hash_end(hash));
            hash = HASH_BEGIN;
            is_word = false;
        }
    }
    if (is_word)
        sign_word(signing, hash_end(hash));
    return true;
}

static void sign_text(void *context, struct str text)
{
    struct signing *signing = context;
    if (signing->is_over || sign_ascii(signing, text))
        return;
    struct arena_mark mark = arena_mark(signing->texts);
    struct str folded = search_fold(text, signing->texts);
    for (struct str word = words_next(&folded); word.len && !signing->is_over;
         word = words_next(&folded))
        sign_word(signing, hash_of(word));
    arena_reset(signing->texts, mark);
}

struct str words_sign(const cJSON *resource, bool is_narrative, struct arena *arena)
{
    unsigned char made[MOST_SIGNED * BITS_A_WORD / 8 + LEAST_BYTES];
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct signing signing = { .arena = scratch, .texts = arena };
    walk(resource, is_narrative, &(struct walking){ arena, sign_text, &signing });
    size_t bytes = LEAST_BYTES + (signing.is_over ? 0 : signing.count * BITS_A_WORD / 8);
    memset(made, signing.is_over ? 0xFF : 0, bytes);
    for (size_t i = 0; !signing.is_over && i < signing.room; i++)
        for (unsigned at = 0; signing.hashes[i] && at < MARKS; at++) {
            size_t bit = mark_of(signing.hashes[i], at, bytes * 8);
            made[bit / 8] |= (unsigned char)(1U << bit % 8);
        }
    return (struct str){ arena_copy(arena, made, bytes), signing.count ? bytes : 0 };
}

static bool may_have(struct str signature, struct str word)
{
    uint64_t hash = hash_of(word);
    for (unsigned mark = 0; mark < MARKS; mark++) {
        size_t bit = mark_of(hash, mark, signature.len * 8);
        if (!((unsigned char)signature.data[bit / 8] >> bit % 8 & 1))
            return false;
    }
    return true;
}

bool words_may_hold(const struct words *words, struct str signature)
{
    uint32_t found = 0;
    for (size_t i = 0; i < words->term_count && signature.len; i++) {
        bool has_all = true;
        for (size_t k = 0; k < words->terms[i].count && has_all; k++)
            has_all = may_have(signature, words->terms[i].words[k]);
        found |= (uint32_t)has_all << i;
    }
    return words_hold(words, found);
}
