/* extract_number.h - rows of numbers, quantities and positions. */
#ifndef SERVER_SEARCH_EXTRACT_NUMBER_H
#define SERVER_SEARCH_EXTRACT_NUMBER_H
#include "server/search/extract.h"

/* Rows of extract.c's table. */
void extract_number_plain(struct extract *extract, const cJSON *value);
void extract_number_quantity(struct extract *extract, const cJSON *value);
void extract_number_money(struct extract *extract, const cJSON *value);
void extract_number_range(struct extract *extract, const cJSON *value);
void extract_number_position(struct extract *extract, const cJSON *value);
#endif
