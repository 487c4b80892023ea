#include "base/ensure.hpp"

#include <cstdio>
#include <cstdlib>

namespace holdfast {

void ensure_failed(const char* what, const std::source_location& where) {
    static_cast<void>(std::fprintf(stderr,
                                   "holdfast: broken promise: %s (%s:%u, %s)\n",
                                   what,
                                   where.file_name(),
                                   static_cast<unsigned>(where.line()),
                                   where.function_name()));
    std::abort();
}

}  // namespace holdfast
