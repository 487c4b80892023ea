// tests/support/golden.hpp: texts kept in tests/golden. With HOLDFAST_UPDATE_GOLDEN set in the
// environment a test writes what it got instead of comparing; look at the difference then.
#pragma once
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace holdfast::test {

/// What is kept under `path`; `got`, and kept from now on, where golden texts are updated.
inline std::string golden(const std::string& path, const std::string& got) {
    if (std::getenv("HOLDFAST_UPDATE_GOLDEN") != nullptr) std::ofstream{path} << got;
    std::ifstream in{path};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace holdfast::test
