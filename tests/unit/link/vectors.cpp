// The vectors that the Python check reads too: a message to its frame, and the frame to it.
#include "link/messages.hpp"
#include "link/receiver.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <deque>
#include <fstream>

using namespace holdfast;
using namespace holdfast::link;
using Json = nlohmann::json;

namespace {

std::vector<std::uint8_t> octets(const std::string& hex) {
    std::vector<std::uint8_t> all;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        all.push_back(static_cast<std::uint8_t>(std::stoul(hex.substr(i, 2), nullptr, 16)));
    return all;
}

const Json& vectors() {
    static const Json all = Json::parse(std::ifstream{VECTORS_DIR "/link.json"});
    return all;
}

/// Fields by their names in the vectors' bodies, in the order in which they go over the line.
class FromJson {
public:
    template <class T>
    T one(const Json& from);

private:
    template <class T, std::size_t N>
    BoundedVector<T, N> many(const Json& from) {
        BoundedVector<T, N> list;
        for (const Json& item : from)
            REQUIRE(list.push_back(one<T>(item)));
        return list;
    }
    template <class E>
    static E named(const Json& from) {
        for (const E e : every<E>)
            if (text(e) == from.get<std::string>()) return e;
        FAIL("no enumerator " << from);
        return {};
    }
    static Look look(const Json& from) {
        return {static_cast<Colour>(from["colours"][0].get<int>()),
                static_cast<Colour>(from["colours"][1].get<int>()),
                named<Effect>(from["effect"])};
    }
    std::string_view kept_text(const std::string& text) { return texts_.emplace_back(text); }
    Bytes kept(const Json& hex) { return octets_.emplace_back(octets(hex)); }
    std::string_view kept_chars(const Json& hex) {
        const Bytes bytes = kept(hex);
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }

    std::deque<std::string> texts_;
    std::deque<std::vector<std::uint8_t>> octets_;
};

// clang-format off
template <> Hello FromJson::one(const Json&) { return {}; }
template <> Status FromJson::one(const Json&) { return {}; }
template <> FwEnd FromJson::one(const Json&) { return {}; }
template <> FwConfirm FromJson::one(const Json&) { return {}; }
template <> Cell FromJson::one(const Json& j) {
    return {j["id"], named<CellKind>(j["kind"]), j["x"], j["y"], j["width"], j["height"],
            named<Font>(j["font"]), named<Align>(j["align"]), look(j)};
}
template <> Layout FromJson::one(const Json& j) {
    return {j["layout"], j["part"], j["parts"], many<Cell, most_cells_of_part>(j["cells"])};
}
template <> Value FromJson::one(const Json& j) {
    return {{j["cell"], look(j)}, kept_chars(j["bytes"])};
}
template <> Set FromJson::one(const Json& j) {
    return {j["layout"], many<Value, most_values>(j["values"])};
}
template <> Commit FromJson::one(const Json& j) { return {j["layout"]}; }
template <> SetPalette FromJson::one(const Json& j) {
    SetPalette palette;
    for (std::size_t i = 0; i < palette.colours.size(); ++i) {
        const auto rgb = octets(j["colours"][i]);
        palette.colours[i] = {rgb[0], rgb[1], rgb[2]};
    }
    return palette;
}
template <> Brightness FromJson::one(const Json& j) { return {j["level"]}; }
template <> Time FromJson::one(const Json& j) { return {j["local_s"]}; }
template <> Bitmap FromJson::one(const Json& j) {
    return {j["number"], j["width"], j["height"], j["offset"], kept(j["bytes"])};
}
template <> ShowScreen FromJson::one(const Json& j) { return {named<Screen>(j["screen"])}; }
template <> Snapshot FromJson::one(const Json& j) { return {j["at_ms"]}; }
template <> Reboot FromJson::one(const Json& j) { return {named<RebootInto>(j["into"])}; }
template <> FwBegin FromJson::one(const Json& j) { return {j["size"], kept(j["header"])}; }
template <> FwData FromJson::one(const Json& j) { return {j["offset"], kept(j["bytes"])}; }
template <> HelloAnswer FromJson::one(const Json& j) {
    return {kept_text(j["board"]), j["width"], j["height"], j["colour_bits"],
            kept_text(j["version"]), j["boot"], named<ResetCause>(j["cause"]), j["layout"],
            j["slot"], j["confirmed"]};
}
template <> StatusAnswer FromJson::one(const Json& j) {
    return {j["boot"], j["uptime_s"], j["layout"], named<Screen>(j["screen"]), j["brightness"],
            j["refresh_hz"], j["frames"], j["damaged"], j["overruns"], j["refused"]};
}
template <> CommitAnswer FromJson::one(const Json& j) { return {j["boot"], j["commits"]}; }
template <> SnapshotAnswer FromJson::one(const Json& j) {
    return {j["crc"], named<Screen>(j["screen"]), j["age_ms"]};
}
// clang-format on

std::vector<std::uint8_t> copied(Bytes bytes) {
    return {bytes.begin(), bytes.end()};
}

template <class T>
std::vector<std::uint8_t> request_again(const Json& vector, Bytes body) {
    const auto read = read_body<T>(body);
    REQUIRE(read);
    FrameBuffer room{};
    return copied(write_request(room, vector["node"], vector["sequence"], *read));
}
template <class T>
void check_request(const Json& vector) {
    const auto frame = octets(vector["frame"]);
    FromJson reader;
    FrameBuffer room{};
    CHECK(copied(write_request(
              room, vector["node"], vector["sequence"], reader.one<T>(vector["body"]))) == frame);
    Receiver receiver{
        static_cast<std::uint8_t>(vector["node"] == 0 ? 9 : vector["node"].get<int>())};
    std::optional<Request> request;
    for (const std::uint8_t octet : frame)
        if (const auto heard = receiver.take(octet)) request = heard;
    REQUIRE(request);
    CHECK(request->node == vector["node"]);
    CHECK(request->version == protocol_version);
    CHECK(request->kind == static_cast<std::uint8_t>(T::kind));
    CHECK(request_again<T>(vector, request->body) == frame);
}

std::optional<Answer> heard_answer(const std::vector<std::uint8_t>& frame, Deframer& deframer) {
    std::optional<Answer> answer;
    for (const std::uint8_t octet : frame)
        if (const auto heard = deframer.take(octet)) answer = read_answer(*heard);
    return answer;
}
Request asked(const Json& vector, Kind kind) {
    return {.version = protocol_version,
            .kind = static_cast<std::uint8_t>(kind),
            .sequence = vector["sequence"]};
}

template <class T>
void check_answer(const Json& vector, Kind kind) {
    const auto frame = octets(vector["frame"]);
    FromJson reader;
    FrameBuffer room{};
    const auto to = asked(vector, kind);
    CHECK(copied(write_answer(room, vector["node"], to, reader.one<T>(vector["body"]))) == frame);
    Deframer deframer;
    const auto answer = heard_answer(frame, deframer);
    REQUIRE(answer);
    const auto body = read_body<T>(answer->body);
    REQUIRE(body);
    CHECK(copied(write_answer(room, vector["node"], to, *body)) == frame);
}
void check_bare_answer(const Json& vector, Kind kind) {
    const auto frame = octets(vector["frame"]);
    Deframer deframer;
    const auto answer = heard_answer(frame, deframer);
    REQUIRE(answer);
    CHECK(text(answer->refusal) == vector["refusal"].get<std::string>());
    CHECK(answer->body.empty());
    CHECK_FALSE(sentence(answer->refusal).empty());
    FrameBuffer room{};
    CHECK(copied(write_answer(
              room, vector["node"], asked(vector, kind), answer->refusal, answer->detail)) ==
          frame);
}

using Check = void (*)(const Json&);
constexpr std::array<Check, enum_count<Kind>> request_checks{check_request<Hello>,
                                                             check_request<Status>,
                                                             check_request<Layout>,
                                                             check_request<Set>,
                                                             check_request<Commit>,
                                                             check_request<SetPalette>,
                                                             check_request<Brightness>,
                                                             check_request<Time>,
                                                             check_request<Bitmap>,
                                                             check_request<ShowScreen>,
                                                             check_request<Snapshot>,
                                                             check_request<Reboot>,
                                                             check_request<FwBegin>,
                                                             check_request<FwData>,
                                                             check_request<FwEnd>,
                                                             check_request<FwConfirm>};

void check_any_answer(const Json& vector, Kind kind) {
    if (vector["refusal"] != "done") return check_bare_answer(vector, kind);
    if (kind == Kind::hello) return check_answer<HelloAnswer>(vector, kind);
    if (kind == Kind::status) return check_answer<StatusAnswer>(vector, kind);
    if (kind == Kind::commit) return check_answer<CommitAnswer>(vector, kind);
    if (kind == Kind::snapshot) return check_answer<SnapshotAnswer>(vector, kind);
    check_bare_answer(vector, kind);
}

Kind kind_of(const Json& vector) {
    for (const Kind kind : every<Kind>)
        if (text(kind) == vector["kind"].get<std::string>()) return kind;
    FAIL("no kind " << vector["kind"]);
    return {};
}

}  // namespace

TEST_CASE("every vector is written and read as it stands") {
    for (const Json& vector : vectors()) {
        if (vector.contains("fault")) continue;
        INFO(vector["name"]);
        const Kind kind = kind_of(vector);
        if (vector.contains("answer"))
            check_any_answer(vector, kind);
        else
            request_checks[static_cast<std::size_t>(kind)](vector);
    }
}

TEST_CASE("what is no frame is counted as what it is, and the next frame is heard") {
    const auto good = octets(vectors()[0]["frame"]);
    for (const Json& vector : vectors()) {
        if (!vector.contains("fault")) continue;
        INFO(vector["name"]);
        Receiver receiver{1};
        for (const std::uint8_t octet : octets(vector["frame"]))
            CHECK_FALSE(receiver.take(octet));
        const auto& counters = receiver.counters();
        const std::map<std::string, std::uint32_t> counted{{"checksum", counters.checksum},
                                                           {"too_short", counters.too_short},
                                                           {"too_long", counters.too_long},
                                                           {"aborted", counters.aborted},
                                                           {"control", counters.control}};
        for (const auto& [fault, count] : counted)
            CHECK(count == (fault == vector["fault"] ? 1 : 0));
        std::optional<Request> request;
        for (const std::uint8_t octet : good)
            if (const auto heard = receiver.take(octet)) request = heard;
        CHECK(request);
    }
}
