// Faults: each has a name and an answer.
#include "sip/fault.hpp"

#include "base/enum_text.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sip;

TEST_CASE("faults: each leads to silence or to a final refusal with a phrase", "[sip]") {
    for (const auto fault : every<Fault>) {
        CAPTURE(name_of(fault));
        CHECK_FALSE(name_of(fault).empty());
        const auto refusal = refusal_of(fault);
        CHECK(refusal.reason.empty() == (refusal.status == 0));
        CHECK((refusal.status == 0 || (refusal.status >= 400 && refusal.status < 700)));
    }
}

TEST_CASE("faults: the statuses of RFC 3261 21", "[sip]") {
    CHECK(refusal_of(Fault::not_sip).status == 0);
    CHECK(refusal_of(Fault::bad_cseq).status == 400);
    CHECK(refusal_of(Fault::bad_cseq).reason == "Bad CSeq Header");
    CHECK(refusal_of(Fault::too_many_sdp_lines).status == 413);
    CHECK(refusal_of(Fault::request_uri_too_long).status == 414);
    CHECK(refusal_of(Fault::unsupported_media_type).status == 415);
    CHECK(refusal_of(Fault::unsupported_scheme).status == 416);
    CHECK(refusal_of(Fault::no_common_codec).status == 488);
    CHECK(refusal_of(Fault::bad_version).status == 505);
    CHECK(refusal_of(Fault::message_too_long).status == 513);
    CHECK(name_of(Fault::cseq_method_differs) == "cseq_method_differs");
}
