/* Ids are 24 hex digits and unique; a derived one depends on nothing but its two names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "strattio/ids.h"

static void hashes_match_the_published_vectors(void **state)
{
    char hex[SHA_HEX_LEN + 1];

    (void)state;
    sha256_hex("", 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sha256_hex("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void new_ids_are_valid_and_differ(void **state)
{
    char last[ID_LEN + 1] = "", id[ID_LEN + 1];

    (void)state;
    for (int i = 0; i < 1000; i++) {
        id_new(id);
        assert_true(id_valid(id));
        assert_true(strcmp(id, last) > 0); /* one process counts up */
        strcpy(last, id);
    }
}

static void only_24_hex_digits_are_an_id(void **state)
{
    (void)state;
    assert_true(id_valid("65a1b2c3d4e5f60718293a4b"));
    assert_true(id_valid("65A1B2C3D4E5F60718293A4B"));
    assert_false(id_valid("65a1b2c3d4e5f60718293a4"));
    assert_false(id_valid("65a1b2c3d4e5f60718293a4b0"));
    assert_false(id_valid("65a1b2c3d4e5f60718293a4g"));
    assert_false(id_valid(""));
    assert_false(id_valid(NULL));
}

static void a_derived_id_is_the_head_of_the_hash(void **state)
{
    static const char text[] = "65a1b2c3d4e5f60718293a4b:report";
    char hex[SHA_HEX_LEN + 1], id[ID_LEN + 1], other[ID_LEN + 1];

    (void)state;
    sha256_hex(text, strlen(text), hex);
    hex[ID_LEN] = '\0';
    id_derive("65a1b2c3d4e5f60718293a4b", "report", id);
    assert_string_equal(id, hex);
    id_derive("65a1b2c3d4e5f60718293a4b", "model", other);
    assert_string_not_equal(id, other);
}

static void random_bytes_fill_the_whole_block(void **state)
{
    unsigned char a[64] = {0}, b[64] = {0};

    (void)state;
    random_bytes(a, sizeof a);
    random_bytes(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    assert_memory_not_equal(a + 32, b + 32, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_match_the_published_vectors),
        cmocka_unit_test(new_ids_are_valid_and_differ),
        cmocka_unit_test(only_24_hex_digits_are_an_id),
        cmocka_unit_test(a_derived_id_is_the_head_of_the_hash),
        cmocka_unit_test(random_bytes_fill_the_whole_block),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
