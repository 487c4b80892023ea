#include "host/io/seqpacket.hpp"

#include "support/folder.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

using namespace holdfast::host;

namespace {
using holdfast::test::Folder;

struct Pair {
    Folder folder;
    std::string path = folder.path + "/socket";
    Fd listener;
    Fd client;
    Fd server;
    MessageReceiver receiver{100};

    Pair() {
        auto listening = listen_seqpacket(path);
        REQUIRE(listening);
        listener = *std::move(listening);
        auto connected = connect_seqpacket(path);
        REQUIRE(connected);
        client = *std::move(connected);
        server = accept_seqpacket(listener.get());
        REQUIRE(server);
    }
};
}  // namespace

TEST_CASE("seqpacket: messages stay whole", "[host][seqpacket]") {
    Pair pair;
    CHECK(pair.receiver.receive(pair.server.get()).error() == ReceiveFault::nothing_waits);
    CHECK(send_message(pair.client.get(), "one", {}) == SendOutcome::sent);
    CHECK(send_message(pair.client.get(), "second", {}) == SendOutcome::sent);
    CHECK(pair.receiver.receive(pair.server.get())->bytes == "one");
    CHECK(pair.receiver.receive(pair.server.get())->bytes == "second");
    CHECK(send_message(pair.client.get(), std::string(101, 'x'), {}) == SendOutcome::sent);
    const auto message = pair.receiver.receive(pair.server.get());
    REQUIRE(message);
    CHECK(message->truncated);
}

TEST_CASE("seqpacket: descriptors come along, and no more than may", "[host][seqpacket]") {
    Pair pair;
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    const Fd read_end{ends[0]};
    const Fd write_end{ends[1]};
    CHECK(send_message(pair.client.get(), "pipe", ends) == SendOutcome::sent);
    const auto message = pair.receiver.receive(pair.server.get());
    REQUIRE(message);
    REQUIRE(message->descriptors.size() == 2);
    CHECK_FALSE(message->truncated);
    CHECK(fcntl(message->descriptors[0].get(), F_GETFD) == FD_CLOEXEC);
    REQUIRE(write(message->descriptors[1].get(), "!", 1) == 1);
    char byte = 0;
    REQUIRE(read(read_end.get(), &byte, 1) == 1);
    CHECK(byte == '!');

    // More than our own sender would send.
    std::array<int, 6> many{ends[0], ends[0], ends[0], ends[0], ends[0], ends[0]};
    char text = 'm';
    iovec part{&text, 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof many)> control{};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    auto* const c = CMSG_FIRSTHDR(&header);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof many);
    std::memcpy(CMSG_DATA(c), many.data(), sizeof many);
    REQUIRE(sendmsg(pair.client.get(), &header, 0) == 1);
    const auto crowded = pair.receiver.receive(pair.server.get());
    REQUIRE(crowded);
    CHECK(crowded->truncated);
    CHECK(crowded->descriptors.size() <= most_descriptors);
}

TEST_CASE("seqpacket: a peer that does not read, and one that goes", "[host][seqpacket]") {
    Pair pair;
    int sent = 0;
    while (send_message(pair.client.get(), std::string(90, 'x'), {}) == SendOutcome::sent)
        REQUIRE(++sent < 100'000);
    CHECK(send_message(pair.client.get(), "x", {}) == SendOutcome::full);
    while (pair.receiver.receive(pair.server.get()))
        --sent;
    CHECK(sent == 0);
    pair.client = Fd{};
    CHECK(pair.receiver.receive(pair.server.get()).error() == ReceiveFault::closed);
    CHECK(send_message(pair.server.get(), "x", {}) == SendOutcome::broken);
}

TEST_CASE("seqpacket: where it listens", "[host][seqpacket]") {
    Pair pair;
    struct stat found{};
    REQUIRE(stat(pair.path.c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0660);
    CHECK(peer_is_trusted(pair.server.get()));

    CHECK(listen_seqpacket(pair.path).error().find("another process serves") == 0);
    pair.listener = Fd{};
    CHECK_FALSE(connect_seqpacket(pair.path));
    CHECK(listen_seqpacket(pair.path));  // nobody serves it: it is taken over

    const std::string file = pair.folder.path + "/file";
    std::ofstream{file} << "precious";
    CHECK(listen_seqpacket(file).error() ==
          file + " is there already and is no socket: choose another path");
    CHECK(std::filesystem::file_size(file) == 8);
    CHECK(listen_seqpacket(std::string(200, 'x')).error().find("choose a shorter one") !=
          std::string::npos);
    CHECK_FALSE(listen_seqpacket(""));
    CHECK_FALSE(listen_seqpacket(pair.folder.path + "/no/such/folder"));
    CHECK_FALSE(connect_seqpacket(pair.folder.path + "/nobody"));
}
