// The row of the cursor in a line that is edited.
#include <anteroom/line_layout.hpp>

#include <catch2/catch_test_macros.hpp>

#include <clocale>
#include <string>

using anteroom::rows_before_cursor;

TEST_CASE("the row of the cursor") {
    std::setlocale(LC_CTYPE, "C.UTF-8");
    auto const row = [](std::wstring const& text, std::size_t cursor, std::size_t columns = 10) {
        return rows_before_cursor(L"in> ", text, cursor, columns);
    };
    CHECK(row(L"", 0) == 0);
    CHECK(row(L"12345", 5) == 0);
    // Behind the last column the cursor is in the next row.
    CHECK(row(L"123456", 6) == 1);
    CHECK(row(L"123456", 5) == 0);
    CHECK(row(L"1234567890123456", 15) == 1);
    CHECK(row(L"1234567890123456", 16) == 2);
    // A character of two columns that does not fit begins the next row, and the cursor before it is there.
    CHECK(row(L"12345\u4e16", 5) == 1);
    CHECK(row(L"12345\u4e16", 6) == 1);
    CHECK(row(L"1234\u4e16", 4) == 0);
    CHECK(row(L"1234\u4e16", 5) == 1);
    // A combining character takes no column.
    CHECK(row(L"1234e\u0301", 6) == 0);
    // Control characters take two, a tab goes to the next stop, what cannot be printed is written as a number.
    CHECK(row(L"1\x01\x02", 3) == 0);
    CHECK(row(L"12\x01\x02", 4) == 1);
    CHECK(row(L"\t", 1) == 0);
    CHECK(row(L"\t\t", 2) == 1);
    CHECK(row(L"\uE000", 1, 11) == 0);
    CHECK(row(L"\U0010FFFF", 1, 11) == 1);
    // A search has a line below.
    CHECK(row(L"text\nbck:", 9) == 1);
    CHECK(row(L"", 0, 0) == 2);  // as if there were two columns
}
