/* decimal.c - exact decimal arithmetic, digit by digit as on paper. */
#include "resources/fhir/types/decimal.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resources/base/arena.h"

enum { MOST = DECIMAL_MOST_DIGITS, MOST_EXPONENT = 2 * MOST };

/* Digits of an intermediate result, the last first. */
struct digits {
    int count;
    unsigned char at[2 * MOST + 2];
};

static void trim(struct digits *digits)
{
    while (digits->count > 0 && digits->at[digits->count - 1] == 0)
        digits->count--;
}

static struct digits digits_of(const struct decimal *value, int zeros_behind)
{
    struct digits digits = { .count = 0 };
    if (value->count == 0)
        return digits;
    assert(zeros_behind >= 0 && zeros_behind + value->count <= (int)sizeof digits.at);
    memcpy(digits.at + zeros_behind, value->digits, (size_t)value->count);
    digits.count = zeros_behind + value->count;
    return digits;
}

/* False when it does not fit. */
static bool settle(struct decimal *out, const struct digits *digits, int scale, bool is_negative)
{
    if (digits->count > MOST || scale > MOST || scale < 0)
        return false;
    struct decimal result = { .is_negative = is_negative && digits->count > 0,
                              .scale = scale,
                              .count = digits->count };
    memcpy(result.digits, digits->at, (size_t)digits->count);
    *out = result;
    return true;
}

static int compare_digits(const struct digits *a, const struct digits *b)
{
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    for (int i = a->count - 1; i >= 0; i--)
        if (a->at[i] != b->at[i])
            return a->at[i] < b->at[i] ? -1 : 1;
    return 0;
}

static void add_digits(struct digits *out, const struct digits *a, const struct digits *b)
{
    int carry = 0, most = a->count > b->count ? a->count : b->count;
    for (int i = 0; i < most || carry; i++) {
        int sum = carry + (i < a->count ? a->at[i] : 0) + (i < b->count ? b->at[i] : 0);
        out->at[i] = (unsigned char)(sum % 10);
        carry = sum / 10;
        out->count = i + 1;
    }
}

/* a >= b */
static void subtract_digits(struct digits *a, const struct digits *b)
{
    int borrow = 0;
    for (int i = 0; i < a->count; i++) {
        int rest = a->at[i] - borrow - (i < b->count ? b->at[i] : 0);
        borrow = rest < 0;
        a->at[i] = (unsigned char)(rest + 10 * borrow);
    }
    assert(!borrow);
    trim(a);
}

static void append_digit(struct digits *digits, unsigned char digit)
{
    if (digits->count == 0 && digit == 0)
        return;
    memmove(digits->at + 1, digits->at, (size_t)digits->count);
    digits->at[0] = digit;
    digits->count++;
}

/* quotient = a / b cut to a whole number, a becomes the remainder. b is not zero. */
static void divide_digits(struct digits *quotient, struct digits *a, const struct digits *b)
{
    struct digits rest = { .count = 0 };
    quotient->count = 0;
    for (int i = a->count - 1; i >= 0; i--) {
        append_digit(&rest, a->at[i]);
        unsigned char digit = 0;
        for (; compare_digits(&rest, b) >= 0; digit++)
            subtract_digits(&rest, b);
        append_digit(quotient, digit);
    }
    *a = rest;
}

static size_t scan_digits(struct str text, size_t from)
{
    while (from < text.len && text.data[from] >= '0' && text.data[from] <= '9')
        from++;
    return from;
}

/* exponent := what stands from `at`, which is empty or e[+-]digits to the end. */
static bool scan_exponent(int *exponent, struct str text, size_t at)
{
    *exponent = 0;
    if (at == text.len)
        return true;
    if (text.data[at] != 'e' && text.data[at] != 'E')
        return false;
    at++;
    bool is_negative = at < text.len && text.data[at] == '-';
    at += at < text.len && (text.data[at] == '-' || text.data[at] == '+');
    if (!str_to_int(exponent, str_slice(text, at, text.len)) || *exponent > MOST_EXPONENT)
        return false;
    if (is_negative)
        *exponent = -*exponent;
    return true;
}

bool decimal_parse(struct decimal *out, struct str text)
{
    size_t begin = text.len > 0 && text.data[0] == '-', whole = scan_digits(text, begin);
    size_t end = whole;
    if (whole == begin)
        return false;
    if (whole < text.len && text.data[whole] == '.') {
        end = scan_digits(text, whole + 1);
        if (end == whole + 1)
            return false;
    }
    int exponent;
    if (!scan_exponent(&exponent, text, end))
        return false;
    struct digits digits = { .count = 0 };
    size_t places = end > whole ? end - whole - 1 : 0;
    for (size_t i = begin; i < end; i++) {
        if (i == whole)
            continue;
        if (digits.count == MOST || places > (size_t)MOST)
            return false;
        append_digit(&digits, (unsigned char)(text.data[i] - '0'));
    }
    int scale = (int)places - exponent;
    for (; scale < 0; scale++) {
        if (digits.count == MOST)
            return false;
        append_digit(&digits, 0);
    }
    return settle(out, &digits, scale, begin == 1);
}

struct decimal decimal_of_int(int64_t value)
{
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    struct decimal out = { .is_negative = value < 0 };
    for (; rest; rest /= 10)
        out.digits[out.count++] = (unsigned char)(rest % 10);
    return out;
}

struct str decimal_print(const struct decimal *value, struct arena *arena)
{
    int top = value->count > value->scale ? value->count : value->scale + 1;
    char *text = arena_alloc_raw(arena, (size_t)top + 3), *at = text;
    if (value->is_negative)
        *at++ = '-';
    for (int i = top - 1; i >= 0; i--) {
        *at++ = (char)('0' + (i < value->count ? value->digits[i] : 0));
        if (i == value->scale && i > 0)
            *at++ = '.';
    }
    *at = '\0';
    return (struct str){ text, (size_t)(at - text) };
}

static void align(struct digits *a, struct digits *b, const struct decimal *x,
                  const struct decimal *y)
{
    int scale = x->scale > y->scale ? x->scale : y->scale;
    *a = digits_of(x, scale - x->scale);
    *b = digits_of(y, scale - y->scale);
}

int decimal_compare(const struct decimal *a, const struct decimal *b)
{
    if (a->is_negative != b->is_negative)
        return a->is_negative ? -1 : 1;
    struct digits x, y;
    align(&x, &y, a, b);
    int order = compare_digits(&x, &y);
    return a->is_negative ? -order : order;
}

bool decimal_add(struct decimal *out, const struct decimal *a, const struct decimal *b)
{
    int scale = a->scale > b->scale ? a->scale : b->scale;
    struct digits x, y, sum = { .count = 0 };
    align(&x, &y, a, b);
    if (a->is_negative == b->is_negative) {
        add_digits(&sum, &x, &y);
        return settle(out, &sum, scale, a->is_negative);
    }
    bool is_a_larger = compare_digits(&x, &y) >= 0;
    subtract_digits(is_a_larger ? &x : &y, is_a_larger ? &y : &x);
    return settle(out, is_a_larger ? &x : &y, scale, is_a_larger ? a->is_negative : b->is_negative);
}

struct decimal decimal_negate(const struct decimal *value)
{
    struct decimal out = *value;
    out.is_negative = !value->is_negative && value->count > 0;
    return out;
}

bool decimal_subtract(struct decimal *out, const struct decimal *a, const struct decimal *b)
{
    struct decimal negated = decimal_negate(b);
    return decimal_add(out, a, &negated);
}

bool decimal_multiply(struct decimal *out, const struct decimal *a, const struct decimal *b)
{
    int sums[2 * MOST + 2] = { 0 };
    for (int i = 0; i < a->count; i++)
        for (int j = 0; j < b->count; j++)
            sums[i + j] += a->digits[i] * b->digits[j];
    struct digits product = { .count = a->count + b->count };
    int carry = 0;
    for (int i = 0; i < product.count; i++) {
        int sum = sums[i] + carry;
        product.at[i] = (unsigned char)(sum % 10);
        carry = sum / 10;
    }
    trim(&product);
    return settle(out, &product, a->scale + b->scale, a->is_negative != b->is_negative);
}

bool decimal_divide_whole(struct decimal *quotient, struct decimal *remainder,
                          const struct decimal *a, const struct decimal *b)
{
    if (b->count == 0)
        return false;
    int scale = a->scale > b->scale ? a->scale : b->scale;
    bool is_negative = a->is_negative != b->is_negative, is_a_negative = a->is_negative;
    struct digits x, y, whole;
    align(&x, &y, a, b);
    divide_digits(&whole, &x, &y);
    if (quotient && !settle(quotient, &whole, 0, is_negative))
        return false;
    return !remainder || settle(remainder, &x, scale, is_a_negative);
}

bool decimal_divide(struct decimal *out, const struct decimal *a, const struct decimal *b)
{
    if (b->count == 0)
        return false;
    /* Zeros behind the dividend until the whole quotient has one digit more than is kept. */
    int zeros = DECIMAL_DIVISION_DIGITS + 1 + b->count - a->count;
    if (zeros < 0)
        zeros = 0;
    int scale = a->scale - b->scale + zeros;
    struct digits x = digits_of(a, zeros), y = digits_of(b, 0), quotient;
    divide_digits(&quotient, &x, &y);
    if (x.count == 0) /* it ends: drop the zeros put in for nothing */
        while (quotient.count > 0 && scale > 0 && quotient.at[0] == 0) {
            memmove(quotient.at, quotient.at + 1, (size_t)--quotient.count);
            scale--;
        }
    int over = quotient.count - DECIMAL_DIVISION_DIGITS;
    if (over > scale)
        over = scale;
    if (over > 0) {
        bool is_up = quotient.at[over - 1] >= 5;
        memmove(quotient.at, quotient.at + over, (size_t)(quotient.count -= over));
        scale -= over;
        struct digits one = { .count = is_up, .at = { 1 } }, kept = quotient;
        add_digits(&quotient, &kept, &one);
    }
    for (; scale < 0; scale++)
        append_digit(&quotient, 0);
    return settle(out, &quotient, quotient.count ? scale : 0, a->is_negative != b->is_negative);
}

bool decimal_round(struct decimal *out, const struct decimal *value, int places,
                   enum decimal_rounding how)
{
    if (places < 0)
        return false;
    int cut = value->scale - places;
    if (cut <= 0) {
        *out = *value;
        return true;
    }
    struct digits kept = { .count = 0 }, one = { .count = 1, .at = { 1 } };
    bool is_cut = false;
    for (int i = 0; i < value->count; i++) {
        if (i < cut)
            is_cut |= value->digits[i] != 0;
        else
            kept.at[kept.count++] = value->digits[i];
    }
    bool is_half = cut <= value->count && value->digits[cut - 1] >= 5;
    const bool is_up[] = { [DECIMAL_TRUNCATE] = false,
                           [DECIMAL_FLOOR] = is_cut && value->is_negative,
                           [DECIMAL_CEILING] = is_cut && !value->is_negative,
                           [DECIMAL_HALF_UP] = is_half };
    struct digits result = kept;
    if (is_up[how])
        add_digits(&result, &kept, &one);
    return settle(out, &result, places, value->is_negative);
}

bool decimal_widen(struct decimal *out, const struct decimal *value, int places)
{
    int zeros = places - value->scale;
    if (zeros <= 0) {
        *out = *value;
        return true;
    }
    if (places > MOST)
        return false;
    struct digits digits = digits_of(value, zeros);
    return settle(out, &digits, places, value->is_negative);
}

void decimal_normalize(struct decimal *value)
{
    int zeros = 0;
    while (zeros < value->scale && zeros < value->count && value->digits[zeros] == 0)
        zeros++;
    if (value->count == 0)
        zeros = value->scale;
    if (value->count > 0)
        memmove(value->digits, value->digits + zeros, (size_t)(value->count -= zeros));
    value->scale -= zeros;
}

bool decimal_is_whole(const struct decimal *value)
{
    for (int i = 0; i < value->scale && i < value->count; i++)
        if (value->digits[i] != 0)
            return false;
    return true;
}

bool decimal_to_int(int64_t *out, const struct decimal *value)
{
    if (!decimal_is_whole(value) || value->count - value->scale > 19)
        return false;
    uint64_t sum = 0; /* nineteen digits fit */
    for (int i = value->count - 1; i >= value->scale; i--)
        sum = sum * 10 + value->digits[i];
    if (sum > (uint64_t)INT64_MAX + value->is_negative)
        return false;
    *out = value->is_negative && sum > 0 ? -(int64_t)(sum - 1) - 1 : (int64_t)sum;
    return true;
}

double decimal_to_double(const struct decimal *value)
{
    char text[MOST + 16];
    size_t at = 0;
    if (value->is_negative)
        text[at++] = '-';
    for (int i = value->count - 1; i >= 0; i--)
        text[at++] = (char)('0' + value->digits[i]);
    if (value->count == 0)
        text[at++] = '0';
    snprintf(text + at, sizeof text - at, "e-%d", value->scale);
    return strtod(text, NULL);
}

bool decimal_of_double(struct decimal *out, double value)
{
    if (!isfinite(value))
        return false;
    char text[64];
    int length = snprintf(text, sizeof text, "%.15g", value);
    if (!decimal_parse(out, (struct str){ text, (size_t)length }))
        return false;
    decimal_normalize(out);
    return true;
}

bool decimal_bounds(struct str text, struct decimal *low, struct decimal *high)
{
    struct decimal value, half = { .count = 1, .digits = { 5 } }, bound;
    size_t mantissa = 0;
    while (mantissa < text.len && text.data[mantissa] != 'e' && text.data[mantissa] != 'E')
        mantissa++;
    int exponent;
    if (!decimal_parse(&value, str_slice(text, 0, mantissa)) ||
        !scan_exponent(&exponent, text, mantissa))
        return false;
    /* The bounds belong to the mantissa's last digit; the exponent is put back as text. */
    half.scale = value.scale + 1 + (mantissa < text.len);
    struct decimal *const ends[] = { low, high };
    for (int end = 0; end < 2; end++) {
        if (!(end ? decimal_add : decimal_subtract)(&bound, &value, &half))
            return false;
        char digits[MOST + 32];
        size_t at = 0;
        if (bound.is_negative)
            digits[at++] = '-';
        digits[at++] = '0';
        for (int i = bound.count - 1; i >= 0; i--)
            digits[at++] = (char)('0' + bound.digits[i]);
        int rest = snprintf(digits + at, sizeof digits - at, "e%d", exponent - bound.scale);
        if (!decimal_parse(ends[end], (struct str){ digits, at + (size_t)rest }))
            return false;
    }
    return true;
}

bool decimal_range(struct str text, double *low, double *high)
{
    struct decimal from, to;
    if (!decimal_bounds(text, &from, &to))
        return false;
    *low = decimal_to_double(&from);
    *high = decimal_to_double(&to);
    return true;
}
