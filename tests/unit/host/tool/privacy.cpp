#include "host/tool/privacy.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast;

TEST_CASE("privacy: what is measured, who sees it and for how long, from the settings",
          "[host][tool]") {
    settings::Settings s;
    s.engine.site = "Main street";
    s.engine.floor.queues.resize(2);
    s.engine.floor.queues[0].name = "sales";
    s.engine.floor.queues[1].name = "doctors";
    s.engine.floor.queues[1].dead_air = 0s;
    s.host.state = "/srv/holdfast";
    s.host.person_days = 30;
    const auto text = tool::privacy_text(s);
    for (const char* const part :
         {"What the exchange \"Main street\" measures of people",
          "Queue sales: silence of 8 s and more is marked; after 12 s the agent alone hears",
          "Not measured (dead_air = \"0s\"): doctors.",
          "nothing of it is stored",
          "Whether the agent's microphone is off for 2 s or longer in such a talk",
          "/srv/holdfast/ledger.db",
          "There are no wallboards.",
          "Numbers and names of people are kept for 30 days.",
          "Rows without them are kept for ever: the settings give no limit.",
          "64 MiB each, without callers' numbers."}) {
        CAPTURE(part);
        CHECK(text.find(part) != std::string::npos);
    }
}
