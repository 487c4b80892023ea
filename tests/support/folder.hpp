// tests/support/folder.hpp: a folder of a test's own, gone with everything in it afterwards.
#pragma once
#include "support/need.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>

namespace holdfast::test {

struct Folder {
    std::string path;
    explicit Folder(const std::string& parent = "/tmp") : path{parent + "/holdfast-unit-XXXXXX"} {
        need(mkdtemp(path.data()) != nullptr, "a folder");
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path); }
    std::string operator/(const std::string& name) const { return path + "/" + name; }
};

}  // namespace holdfast::test
