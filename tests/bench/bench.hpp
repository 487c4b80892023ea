// tests/bench/bench.hpp: timing of small pieces of work: warm-up, percentiles over rounds, and
// allocations. A machine shared with others is noisy: look at p50 and the smallest.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string_view>
#include <vector>

namespace holdfast::bench {

/// Allocations of this program so far; counted by the operators below.
inline std::uint64_t allocations = 0;

struct Timing {
    double least = 0, p50 = 0, p99 = 0;  ///< ns for one piece of work.
    double allocations = 0;              ///< For one piece of work.
};

/// Keeps the compiler from leaving out work whose result nobody looks at.
template <class T>
void keep(const T& value) {
    asm volatile("" : : "g"(&value) : "memory");
}

/// Times `work` in rounds of `batch` pieces.
template <class Work>
Timing time(Work&& work, std::size_t rounds = 2000, std::size_t batch = 50) {
    using Clock = std::chrono::steady_clock;
    for (std::size_t i = 0; i < rounds / 10 * batch; ++i)
        work();
    std::vector<double> ns(rounds);
    const auto before = allocations;
    for (auto& round : ns) {
        const auto start = Clock::now();
        for (std::size_t i = 0; i < batch; ++i)
            work();
        const std::chrono::duration<double, std::nano> took = Clock::now() - start;
        round = took.count() / static_cast<double>(batch);
    }
    const auto made = static_cast<double>(allocations - before);
    std::sort(ns.begin(), ns.end());
    return {ns.front(),
            ns[rounds / 2],
            ns[rounds * 99 / 100],
            made / static_cast<double>(rounds * batch)};
}

inline void print(std::string_view what, const Timing& t, std::size_t bytes = 0) {
    std::printf("%-44.*s %10.0f %10.0f %10.0f ns",
                static_cast<int>(what.size()),
                what.data(),
                t.least,
                t.p50,
                t.p99);
    if (bytes > 0) std::printf(" %7.2f ns/byte", t.p50 / static_cast<double>(bytes));
    std::printf(" %6.2f allocations\n", t.allocations);
}

inline void print_head() {
    std::printf("%-44s %10s %10s %10s\n", "", "least", "p50", "p99");
}

}  // namespace holdfast::bench

// One definition a program: this header is included by the one file of each benchmark.
// NOLINTBEGIN(misc-definitions-in-headers, cppcoreguidelines-*)
void* operator new(std::size_t size) {
    ++holdfast::bench::allocations;
    if (void* const p = std::malloc(size)) return p;
    std::abort();
}
void operator delete(void* p) noexcept {
    std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
    std::free(p);
}
// NOLINTEND(misc-definitions-in-headers, cppcoreguidelines-*)
