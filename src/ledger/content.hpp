// ledger/content.hpp: a row as the bytes that its hash is made over, so that anyone can make them
// again from the database. Each value is a letter and its bytes, numbers big-endian:
//
//   I  8 bytes        integer, two's complement
//   R  8 bytes        real, IEEE 754
//   T  4 bytes, text  its length in bytes, then the UTF-8
//   B  4 bytes, blob  its length, then the bytes
//   N                 NULL
//
// First the table's name as a text, then every column in the order of the table, but for `hash` and
// `signature`. Columns of `mark` that stand behind `hash` came with a later version: they are left
// out where they are NULL, so that older rows keep their hash.
#pragma once
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace holdfast::ledger {

class Content {
public:
    /// Begins anew, with a table's name.
    void begin(std::string_view table) {
        bytes_.clear();
        text(table);
    }
    void integer(std::int64_t value) { number('I', static_cast<std::uint64_t>(value)); }
    void real(double value) { number('R', std::bit_cast<std::uint64_t>(value)); }
    void text(std::string_view value) { sized('T', value); }
    void blob(std::string_view value) { sized('B', value); }
    void null() { bytes_ += 'N'; }

    std::string_view bytes() const { return bytes_; }

private:
    void number(char letter, std::uint64_t value) {
        bytes_ += letter;
        for (int shift = 56; shift >= 0; shift -= 8)
            bytes_ += static_cast<char>(value >> shift & 255);
    }
    void sized(char letter, std::string_view value) {
        bytes_ += letter;
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes_ += static_cast<char>(value.size() >> shift & 255);
        bytes_ += value;
    }

    std::string bytes_;
};

}  // namespace holdfast::ledger
