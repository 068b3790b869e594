/* A test on both databases: BOTH(test_x) makes test_x_lite and test_x_pg of test_x(bool pg), the
 * second skipped where there is no PostgreSQL. Include it after fixture.h. */
#ifndef ON_BOTH_H
#define ON_BOTH_H

#define BOTH(name)                                                                                 \
    static void name##_lite(void **s) {                                                            \
        (void)s;                                                                                   \
        name(false);                                                                               \
    }                                                                                              \
    static void name##_pg(void **s) {                                                              \
        (void)s;                                                                                   \
        if (!fixture_has_pg()) skip();                                                             \
        name(true);                                                                                \
    }

#endif
