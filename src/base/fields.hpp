// base/fields.hpp: the fields of a plain struct, from the compiler, so that no record can forget
// one. Structs are aggregates without bases, of at most 24 fields.
#pragma once
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace holdfast {
namespace fields_detail {

struct Anything {
    template <class T>
    operator T() const;  // NOLINT(google-explicit-constructor): never called
};

template <class T, std::size_t... I>
concept made_of = requires { T{(static_cast<void>(I), Anything{})...}; };

template <class T, std::size_t N>
consteval bool takes() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
        return made_of<T, I...>;
    }(std::make_index_sequence<N>{});
}

template <class T, std::size_t N = 24>
consteval std::size_t count() {
    static_assert(!takes<T, 25>(), "more fields than base/fields.hpp can list");
    if constexpr (N == 0 || takes<T, N>())
        return N;
    else
        return count<T, N - 1>();
}

}  // namespace fields_detail

template <class T>
inline constexpr std::size_t field_count = fields_detail::count<std::remove_cv_t<T>>();

/// Calls `visit(field...)` with references to the fields of `t`, in order.
template <class T, class Visit>
constexpr decltype(auto) with_fields(T& t, Visit&& visit) {  // NOLINT: a table, whatever it looks
    constexpr std::size_t n = field_count<T>;
    // clang-format off
    if constexpr (n == 0) return visit();
    else if constexpr (n == 1) { auto& [a] = t; return visit(a); }
    else if constexpr (n == 2) { auto& [a,b] = t; return visit(a,b); }
    else if constexpr (n == 3) { auto& [a,b,c] = t; return visit(a,b,c); }
    else if constexpr (n == 4) { auto& [a,b,c,d] = t; return visit(a,b,c,d); }
    else if constexpr (n == 5) { auto& [a,b,c,d,e] = t; return visit(a,b,c,d,e); }
    else if constexpr (n == 6) { auto& [a,b,c,d,e,f] = t; return visit(a,b,c,d,e,f); }
    else if constexpr (n == 7) { auto& [a,b,c,d,e,f,g] = t; return visit(a,b,c,d,e,f,g); }
    else if constexpr (n == 8) { auto& [a,b,c,d,e,f,g,h] = t; return visit(a,b,c,d,e,f,g,h); }
    else if constexpr (n == 9) { auto& [a,b,c,d,e,f,g,h,i] = t; return visit(a,b,c,d,e,f,g,h,i); }
    else if constexpr (n == 10) { auto& [a,b,c,d,e,f,g,h,i,j] = t; return visit(a,b,c,d,e,f,g,h,i,j); }
    else if constexpr (n == 11) { auto& [a,b,c,d,e,f,g,h,i,j,k] = t; return visit(a,b,c,d,e,f,g,h,i,j,k); }
    else if constexpr (n == 12) { auto& [a,b,c,d,e,f,g,h,i,j,k,l] = t; return visit(a,b,c,d,e,f,g,h,i,j,k,l); }
    else if constexpr (n == 13) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m] = t; return visit(a,b,c,d,e,f,g,h,i,j,k,l,m); }
    else if constexpr (n == 14) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o] = t; return visit(a,b,c,d,e,f,g,h,i,j,k,l,m,o); }
    else if constexpr (n == 15) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p] = t; return visit(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p); }
    else if constexpr (n == 16) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q] = t; return visit(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q); }
    else if constexpr (n == 17) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r] = t; return visit(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r); }
    else if constexpr (n == 18) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s] = t; return visit(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s); }
    else if constexpr (n == 19) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u] = t; return visit(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u); }
    else if constexpr (n == 20) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v] = t; return visit(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v); }
    else if constexpr (n == 21) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v,w] = t; return visit(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v,w); }
    else if constexpr (n == 22) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v,w,x] = t; return visit(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v,w,x); }
    else if constexpr (n == 23) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v,w,x,y] = t; return visit(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v,w,x,y); }
    else { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v,w,x,y,z] = t; return visit(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v,w,x,y,z); }
    // clang-format on
}

}  // namespace holdfast
