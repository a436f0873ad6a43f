/* page.c - seals page links with AES-256-GCM (NIST SP 800-38D), through OpenSSL. */
#include "server/interactions/page.h"

#include <assert.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>

#include "resources/base/arena.h"

enum { NONCE = 12, TAG = 16, NUMBERS = 16, MOST_TOKEN = 64 * 1024 };

static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void close_cipher(EVP_CIPHER_CTX **cipher)
{
    EVP_CIPHER_CTX_free(*cipher);
}
#define CLOSING_CIPHER __attribute__((cleanup(close_cipher)))

static struct str encode(const uint8_t *bytes, size_t count, struct arena *arena)
{
    char *text = arena_alloc(arena, count * 4 / 3 + 4);
    size_t at = 0;
    uint32_t held = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < count; i++) {
        held = (held << 8) | bytes[i];
        for (bits += 8; bits >= 6; bits -= 6)
            text[at++] = ALPHABET[(held >> (bits - 6)) & 63];
    }
    if (bits)
        text[at++] = ALPHABET[(held << (6 - bits)) & 63];
    return (struct str){ text, at };
}

/* Strict: no padding, and the bits that fill up the last character are zero, so that one token has
 * one spelling. */
static bool decode(uint8_t *bytes, size_t *count, struct str text)
{
    uint32_t held = 0;
    unsigned bits = 0;
    *count = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *found = text.data[i] ? strchr(ALPHABET, text.data[i]) : NULL;
        if (!found)
            return false;
        held = (held << 6) | (uint32_t)(found - ALPHABET);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes[(*count)++] = (uint8_t)(held >> bits);
        }
    }
    return bits < 6 && (held & ((1U << bits) - 1)) == 0;
}

static void put_number(uint8_t *to, uint64_t number)
{
    for (int i = 0; i < 8; i++)
        to[i] = (uint8_t)(number >> (56 - 8 * i));
}

static uint64_t take_number(const uint8_t *from)
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++)
        number = (number << 8) | from[i];
    return number;
}

/* Lengths are far below INT_MAX: queries and positions are bounded by the request head. */
struct str page_seal(const struct page *page, const uint8_t *key, struct str about,
                     struct arena *arena)
{
    size_t plain_len = NUMBERS + page->query.len + page->position.len;
    uint8_t *plain = arena_alloc(arena, plain_len);
    uint8_t *sealed = arena_alloc(arena, NONCE + plain_len + TAG);
    put_number(plain, page->snapshot);
    put_number(plain + 8, page->query.len);
    if (page->query.len)
        memcpy(plain + NUMBERS, page->query.data, page->query.len);
    if (page->position.len)
        memcpy(plain + NUMBERS + page->query.len, page->position.data, page->position.len);

    CLOSING_CIPHER EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    int len = 0;
    bool is_done =
        cipher && RAND_bytes(sealed, NONCE) == 1 &&
        EVP_EncryptInit_ex(cipher, EVP_aes_256_gcm(), NULL, key, sealed) == 1 &&
        EVP_EncryptUpdate(cipher, NULL, &len, (const uint8_t *)about.data, (int)about.len) == 1 &&
        EVP_EncryptUpdate(cipher, sealed + NONCE, &len, plain, (int)plain_len) == 1 &&
        EVP_EncryptFinal_ex(cipher, sealed + NONCE + len, &len) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, TAG, sealed + NONCE + plain_len) == 1;
    assert(is_done);
    return encode(sealed, NONCE + plain_len + TAG, arena);
}

bool page_unseal(struct page *page, struct str token, const uint8_t *key, struct str about,
                 struct arena *arena)
{
    if (token.len > MOST_TOKEN)
        return false;
    uint8_t *sealed = arena_alloc(arena, token.len + 1);
    size_t count;
    if (!decode(sealed, &count, token) || count < NONCE + NUMBERS + TAG)
        return false;
    size_t plain_len = count - NONCE - TAG;
    uint8_t *plain = arena_alloc(arena, plain_len);
    CLOSING_CIPHER EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    int len = 0;
    if (!cipher || EVP_DecryptInit_ex(cipher, EVP_aes_256_gcm(), NULL, key, sealed) != 1 ||
        EVP_DecryptUpdate(cipher, NULL, &len, (const uint8_t *)about.data, (int)about.len) != 1 ||
        EVP_DecryptUpdate(cipher, plain, &len, sealed + NONCE, (int)plain_len) != 1 ||
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_SET_TAG, TAG, sealed + NONCE + plain_len) != 1 ||
        EVP_DecryptFinal_ex(cipher, plain + len, &len) != 1)
        return false;
    uint64_t query_len = take_number(plain + 8);
    if (query_len > plain_len - NUMBERS)
        return false;
    const char *text = (const char *)plain + NUMBERS;
    page->snapshot = take_number(plain);
    page->query = (struct str){ text, (size_t)query_len };
    page->position = (struct str){ text + query_len, plain_len - NUMBERS - (size_t)query_len };
    return true;
}
