// tests/support/need.hpp: what a test or a benchmark cannot go on without.
#pragma once
#include <stdexcept>
#include <string>

namespace holdfast::test {

inline void need(bool there, const char* what) {
    if (!there) throw std::runtime_error{std::string{"missing: "} + what};
}

}  // namespace holdfast::test
