/* test.h - what every unit test includes: cmocka in the order it wants. */
#ifndef RESOURCES_BASE_TEST_H
#define RESOURCES_BASE_TEST_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#endif
