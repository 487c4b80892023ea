#include "host/daemon/media_link.hpp"

#include "support/folder.hpp"
#include "support/need.hpp"

#include <asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <variant>
#include <vector>

using namespace holdfast;
using namespace holdfast::host;
using holdfast::test::Folder;
using holdfast::test::need;

namespace {

constexpr std::chrono::seconds patience{20};

/// The media process's end, a link to it, and what the link tells the engine.
struct Line {
    Folder folder;
    std::string path = folder / "media";
    Fd listener = listening();
    Fd connection;
    asio::io_context io{1};
    std::vector<engine::Input> told;
    MediaLink link{io, path, [this](engine::Input input) { told.push_back(std::move(input)); }};
    MessageReceiver receiver{media::most_message_bytes};

    Fd listening() const {
        auto socket = listen_seqpacket(path);
        need(socket.has_value(), "a socket to listen at");
        return *std::move(socket);
    }
    template <class Condition>
    void until(const char* what, Condition holds) {
        const auto end = std::chrono::steady_clock::now() + patience;
        while (!holds()) {
            need(std::chrono::steady_clock::now() < end, what);
            io.run_for(std::chrono::milliseconds{2});
            io.restart();
        }
    }
    void accept() {
        until("a connection", [&] {
            connection = accept_seqpacket(listener.get());
            return static_cast<bool>(connection);
        });
    }
    template <class T>
    std::size_t count() const {
        std::size_t n = 0;
        for (const auto& input : told)
            n += std::holds_alternative<T>(input) ? 1 : 0;
        return n;
    }
    void report(const media::Report& report, std::span<const int> descriptors = {}) {
        need(send_message(connection.get(), media::to_bytes(report), descriptors) ==
                 SendOutcome::sent,
             "a report");
    }
    /// The next order, and how many descriptors came with it.
    std::pair<media::Order, std::vector<Fd>> next_order() {
        std::pair<media::Order, std::vector<Fd>> next;
        until("an order", [&] {
            auto message = receiver.receive(connection.get());
            if (!message) return false;
            auto order = media::read_order(message->bytes);
            need(order.has_value(), "an order that can be read");
            next = {*std::move(order), std::move(message->descriptors)};
            return true;
        });
        return next;
    }
};

media::Open open_order(std::uint32_t media, bool recreated) {
    return {.media = MediaId{media},
            .bind = IpAddress::v4(127, 0, 0, 1),
            .port = 20'000,
            .recreated = recreated};
}

ino_t number_of(int descriptor) {
    struct stat status{};
    ::fstat(descriptor, &status);
    return status.st_ino;
}

}  // namespace

TEST_CASE("media link: connects, tells of reports and of the other side's death, connects again",
          "[host]") {
    Line line;
    line.accept();
    line.until("word of it", [&] { return line.count<engine::MediaConnected>() == 1; });
    line.report(media::Greeted{7});
    line.until("the report", [&] { return line.count<engine::MediaReported>() == 1; });
    line.connection = Fd{};
    line.until("word of the loss", [&] { return line.count<engine::MediaLost>() == 1; });
    line.accept();
    line.until("word of it", [&] { return line.count<engine::MediaConnected>() == 2; });
}

TEST_CASE("media link: orders that find the socket full wait, and come whole and in order",
          "[host]") {
    constexpr std::uint32_t many = 5'000;
    Line line;
    line.accept();
    line.until("word of it", [&] { return line.count<engine::MediaConnected>() == 1; });
    for (std::uint32_t i = 1; i <= many; ++i)
        line.link.order(media::Close{MediaId{i}});
    for (std::uint32_t i = 1; i <= many; ++i) {
        const auto order = line.next_order().first;
        const auto* close = std::get_if<media::Close>(&order);
        REQUIRE(close != nullptr);
        REQUIRE(close->media == MediaId{i});
    }
    CHECK(line.count<engine::MediaLost>() == 0);
}

TEST_CASE("media link: who takes no orders is let go of at the limit", "[host]") {
    Line line;
    line.accept();
    line.until("word of it", [&] { return line.count<engine::MediaConnected>() == 1; });
    for (std::uint32_t i = 0; line.count<engine::MediaLost>() == 0; ++i) {
        need(i < 1'000'000, "an end of the queue");
        line.link.order(media::Close{MediaId{i}});
    }
    line.accept();
}

TEST_CASE("media link: a new media process gets the sockets of the old one back", "[host]") {
    Line line;
    line.accept();
    const Fd rtp{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    const Fd rtcp{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    const int both[] = {rtp.get(), rtcp.get()};
    line.report(media::Opened{MediaId{3}, 20'000}, both);
    line.until("the report", [&] { return line.count<engine::MediaReported>() == 1; });
    line.connection = Fd{};
    line.until("word of the loss", [&] { return line.count<engine::MediaLost>() == 1; });
    line.accept();
    line.until("word of it", [&] { return line.count<engine::MediaConnected>() == 2; });

    line.link.order(open_order(3, true));
    const auto given = line.next_order().second;
    REQUIRE(given.size() == 2);
    CHECK(number_of(given[0].get()) == number_of(rtp.get()));
    CHECK(number_of(given[1].get()) == number_of(rtcp.get()));

    line.link.order(open_order(3, false));
    CHECK(line.next_order().second.empty());
    line.link.order(media::Close{MediaId{3}});
    CHECK(line.next_order().second.empty());
    line.link.order(open_order(3, true));
    CHECK(line.next_order().second.empty());
}

TEST_CASE("media link: what cannot be read is counted, and the rest goes on", "[host]") {
    Line line;
    line.accept();
    for (const auto& bytes : {std::string{"\xff nonsense"}, std::string(4'096, '\x01')})
        need(send_message(line.connection.get(), bytes, {}) == SendOutcome::sent, "a message");
    line.report(media::Greeted{7});
    line.until("the report", [&] { return line.count<engine::MediaReported>() == 1; });
    CHECK(line.link.unreadable_reports() == 2);
}
