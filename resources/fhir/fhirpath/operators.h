/* operators.h - what the operators of the table do, by file. Private to fhirpath. */
#ifndef RESOURCES_FHIR_FHIRPATH_OPERATORS_H
#define RESOURCES_FHIR_FHIRPATH_OPERATORS_H
#include "resources/fhir/fhirpath/evaluate.h"

/* arithmetic.c */
fhirpath_operation fhirpath_arithmetic_add, fhirpath_arithmetic_subtract,
    fhirpath_arithmetic_multiply, fhirpath_arithmetic_divide, fhirpath_arithmetic_div,
    fhirpath_arithmetic_mod, fhirpath_arithmetic_concatenate;
/* The sign before a number or quantity; nothing for the empty collection. */
bool fhirpath_arithmetic_sign(struct fhirpath_run *run, const struct fhirpath_items *operand,
                              bool is_negative, struct fhirpath_list *out);

/* order.c */
fhirpath_operation fhirpath_order_equal, fhirpath_order_not_equal, fhirpath_order_equivalent,
    fhirpath_order_not_equivalent, fhirpath_order_less, fhirpath_order_less_or_equal,
    fhirpath_order_greater, fhirpath_order_greater_or_equal;
/* As the = operator on two collections: 1, 0, -1 empty, -2 with an issue. */
int fhirpath_order_collections(struct fhirpath_run *run, const struct fhirpath_items *left,
                               const struct fhirpath_items *right);

/* True when the left side's truth (-1 empty, 0, 1) settles the result of a lazy operator. */
bool fhirpath_operators_decides(const struct fhirpath_operator *infix, int truth);
#endif
