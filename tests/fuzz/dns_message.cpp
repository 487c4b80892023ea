// Any bytes as an answer of the DNS, to each kind of question.
#include "host/net/dns_message.hpp"

#include "base/enum_text.hpp"
#include "fuzz/fuzz.hpp"

using namespace holdfast;
using Status = sip::DnsAnswer::Status;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    for (const auto type : every<sip::DnsType>) {
        const auto answer = host::read_dns_answer({data, size}, {type, "host.example.net"});
        const bool some = !answer.addresses.empty() || !answer.srv.empty() || !answer.naptr.empty();
        ensure(some == (answer.status == Status::found), "records and status disagree");
        ensure(answer.alias != "host.example.net", "an alias of itself");
        for (const auto& naptr : answer.naptr)
            ensure(naptr.flags.size() < 256 && naptr.service.size() < 256, "more than was sent");
    }
    return 0;
}
