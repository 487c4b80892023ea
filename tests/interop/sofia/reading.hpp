// What a parser makes of a message, in terms that both parsers have.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace holdfast::differential {

struct Reading {
    bool accepted = false;
    std::string refused_for;  ///< Ours: the fault's name. Sofia's: the header it could not read.
    std::string method, uri_user, uri_host, call_id, cseq_method, from_tag, to_tag, branch, sent_by,
        contact_user, contact_host, body;
    std::uint32_t status = 0, cseq = 0, vias = 0, contacts = 0;
};

Reading read_by_us(std::string_view bytes);
Reading read_by_sofia(std::string_view bytes);

/// The first field in which two readings that both accept differ; empty where none does.
std::string_view difference(const Reading& a, const Reading& b);

}  // namespace holdfast::differential
