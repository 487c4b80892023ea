#include "settings/settings.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast;
using namespace holdfast::settings;

namespace {

const std::string good = R"(
[site]
name = "Example"
[media]
address = "127.0.0.1"
[[listen]]
transport = "udp"
address = "127.0.0.1"
port = 5060
[[queue]]
name = "support"
numbers = ["+4930555"]
strategy = "ring_all"
wrap_up = "1m30s"
hours = ["mo-fr 08:00-18:00"]
overflow = "sales"
[[queue]]
name = "sales"
[[phone]]
name = "desk1"
password = "correct horse"
[[agent]]
number = "2101"
name = "Ann"
phone = "desk1"
queues = ["support", "sales"]
class = "inland"
[[agent]]
number = "2102"
pin = "4711"
[[class]]
name = "inland"
allow = ["0"]
trunks = ["carrier"]
[[trunk]]
name = "carrier"
peers = ["198.51.100.0/24"]
server = "sip.carrier.example"
called_in = ["0049->+49"]
[emergency]
numbers = ["112"]
trunks = ["carrier"]
)";

/// The faults of a good file with one line more.
std::string faults_of(const std::string& text) {
    const auto read = settings::read(text);
    return read ? std::string{} : text_of(read.error(), "f");
}

}  // namespace

TEST_CASE("settings: a good file gives what it says", "[settings]") {
    const auto read = settings::read(good);
    INFO((read ? "" : text_of(read.error(), "f")));
    REQUIRE(read);
    const auto& e = read->engine;
    REQUIRE(e.floor.queues.size() == 2);
    CHECK(e.floor.queues[0].strategy == acd::Strategy::ring_all);
    CHECK(e.floor.queues[0].wrap_up == 90s);
    CHECK(e.floor.queues[0].overflow == QueueId{2});
    CHECK(e.floor.queues[1].longest_wait == 30min);
    CHECK(e.floor.agents[0].bound_device == DeviceId{1});
    CHECK(e.floor.agents[0].queues == std::vector{QueueId{1}, QueueId{2}});
    CHECK(e.floor.agents[0].class_of_service == 1);
    CHECK(e.floor.agents[1].class_of_service == 0);
    CHECK(e.classes[0].allowed_prefixes.empty());
    CHECK(e.class_trunks[1] == std::vector{TrunkId{1}});
    CHECK(e.trunks[0].server_uri == "sip:sip.carrier.example");
    CHECK(e.trunks[0].peers[0].prefix_bits == 24);
    CHECK(e.trunks[0].inbound[0].prepend == "+49");
    CHECK(e.trunks[0].listener == ListenerId{1});
    CHECK(e.emergency.trunks == std::vector{TrunkId{1}});
}

TEST_CASE("settings: a phone has SRTP as it says, or as the site says", "[settings]") {
    using engine::SrtpUse;
    const auto phone_of = [](const std::string& media, const std::string& phone) {
        auto text = good;
        text.replace(text.find("[media]\n"), 8, "[media]\n" + media);
        text.replace(text.find("[[phone]]\n"), 10, "[[phone]]\n" + phone);
        const auto read = settings::read(text);
        INFO((read ? "" : text_of(read.error(), "f")));
        REQUIRE(read);
        return read->engine.devices[0].srtp;
    };
    CHECK(phone_of("", "") == SrtpUse::optional);
    CHECK(phone_of("srtp = \"required\"\n", "") == SrtpUse::required);
    CHECK(phone_of("srtp = \"required\"\n", "srtp = \"off\"\n") == SrtpUse::off);
    CHECK_THAT(faults_of("[media]\nsrtp = \"always\"\n"), Catch::Contains("srtp"));
}

TEST_CASE("settings: every fault of a file comes at once, with its line", "[settings]") {
    const auto text = faults_of(
        "[media]\naddress = \"localhost\"\n"                                      // 2
        "[[listen]]\ntransport = \"sctp\"\naddress = \"0.0.0.0\"\nprot = 5060\n"  // 4, 5, 6
        "[[queue]]\nname = \"a\"\nwrap_up = 15\noverflow = \"b\"\n"               // 9, 10
        "[[queue]]\nname = \"a\"\nring_time = \"99h\"\n"                          // 12, 13
        "[[agent]]\nnumber = \"x1\"\n"                                            // 15 twice
        "[[phones]]\nname = 1\n");                                                // 16
    CAPTURE(text);
    for (const auto* part : {
             "f:2: [media]: address = \"localhost\" is no IP address",
             "f:4: [[listen]]: transport = \"sctp\" is not known; use one of udp, tcp, tls",
             "f:5: [[listen]]: every address is listened on",
             "f:6: [[listen]]: \"prot\" is no setting; did you mean port?",
             "f:9: queue \"a\": wrap_up must be a time such as \"20s\"",
             "f:10: queue \"a\": overflow names queue \"b\", which does not exist",
             "f:12: queue \"a\": there is a queue \"a\" already",
             "f:13: queue \"a\": ring_time = \"99h\" is outside 1s to 10m",
             "f:15: agent \"x1\": number = \"x1\" must be digits",
             "an agent needs a phone of its own (phone) or a pin",
             "f:16: [phones] is no section; known are",
         })
        CHECK(text.find(part) != text.npos);
}

TEST_CASE("settings: what contradicts itself is refused", "[settings]") {
    struct Case {
        const char *more, *fault;
    };
    const auto c = GENERATE(
        Case{"[[queue]]\nname = \"c\"\nnumbers = [\"2101\"]\n", "number 2101 belongs to"},
        Case{"[[agent]]\nnumber = \"2199\"\npin = \"4711\"\nnumbers = [\"2101\"]\n",
             "number 2101 belongs to"},
        Case{"[[agent]]\nnumber = \"2199\"\npin = \"4711\"\nnumbers = [\"desk\"]\n",
             "numbers: \"desk\" must be digits"},
        Case{"[[agent]]\nnumber = \"2199\"\npin = \"4711\"\nno_answer = \"support\"\n",
             "no_answer is for callers who dial the agent's numbers"},
        Case{"[[agent]]\nnumber = \"2199\"\npin = \"4711\"\nnumbers = [\"7\"]\n"
             "no_answer = \"nobody\"\n",
             "nobody"},
        Case{"[[queue]]\nname = \"c\"\noverflow = \"c\"\n", "names the queue itself"},
        Case{"[[queue]]\nname = \"c\"\nno_agent = \"overflow\"\n", "needs overflow"},
        Case{"[[queue]]\nname = \"c\"\nhours = [\"mo 18:00-08:00\"]\n", "ends before it starts"},
        Case{"[[queue]]\nname = \"c\"\nholidays = [\"2026-02-30\"]\n", "is no date"},
        Case{"[[queue]]\nname = \"c\"\ncapacity = -1\n", "outside 0 to"},
        Case{"[[phone]]\nname = \"desk1\"\npassword = \"correct horse\"\n", "there is a phone"},
        Case{"[[phone]]\nname = \"a b\"\npassword = \"correct horse\"\n", "letters, digits"},
        Case{"[[phone]]\nname = \"desk9\"\npassword = \"123\"\n", "too short"},
        Case{"[[phone]]\nname = \"desk9\"\n", "password is missing"},
        Case{"[[agent]]\nnumber = \"3\"\nphone = \"desk1\"\n", "is agent 2101's already"},
        Case{"[[agent]]\nnumber = \"3\"\npin = \"12a4\"\n", "four or more digits"},
        Case{"[[trunk]]\nname = \"t\"\n", "a trunk needs peers"},
        Case{"[[trunk]]\nname = \"t\"\nregister = true\nserver = \"s\"\n", "needs server, user"},
        Case{"[[trunk]]\nname = \"t\"\nserver = \"s\"\npassword = \"x\"\n", "needs realm"},
        Case{"[[trunk]]\nname = \"t\"\npeers = [\"198.51.100.0/33\"]\n", "is no address"},
        Case{"[[trunk]]\nname = \"t\"\nserver = \"s;transport=tls\"\n",
             "no [[listen]] has its transport"},
        Case{"[[listen]]\naddress = \"127.0.0.1\"\n", "has this address and port"},
        Case{"[[listen]]\ntransport = \"tls\"\naddress = \"127.0.0.1\"\n",
             "needs certificate and key"},
        Case{"[codes]\nready = \"*45\"\n", "must not begin with each other"},
        Case{"[registrar]\nleast_expires = 400\n", "must rise"},
        Case{"[codes]\nlog_in = 45\n", "must be a text in quotes"},
        Case{"[[queue]]\nname = \"\"\n", "must not be empty"});
    CAPTURE(c.more);
    const auto text = faults_of(good + c.more);
    CAPTURE(text);
    CHECK(text.find(c.fault) != text.npos);
}

TEST_CASE("settings: a syntax error is the only fault, with its line", "[settings]") {
    const auto read = settings::read("[site]\nname = \"x\n[media]\n");
    REQUIRE_FALSE(read);
    CHECK(read.error().size() == 1);
    CHECK(read.error()[0].line == 2);
    CHECK(settings::read("").error().size() == 2);
}

TEST_CASE("settings: files are looked for where that is asked", "[settings]") {
    const auto text = good + "[[queue]]\nname = \"m\"\nmusic = \"/music/a.wav\"\n";
    CHECK(settings::read(text, [](const std::string& path) { return path == "/music/a.wav"; }));
    const auto missing = settings::read(text, [](const std::string&) { return false; });
    REQUIRE_FALSE(missing);
    CHECK(missing.error()[0].what.find("cannot be read") != std::string::npos);
}
