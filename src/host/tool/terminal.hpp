// host/tool/terminal.hpp: a terminal taken for a picture that fills it, and given back as it was.
#pragma once
#include "host/io/fd.hpp"
#include "host/tool/floor_screen.hpp"
#include "host/tool/styled_text.hpp"

#include <cstddef>
#include <optional>
#include <termios.h>
#include <vector>

namespace holdfast::tool {

class Terminal {
public:
    /// None where standard output is no terminal. `most_rows`: what lies below them is somebody
    /// else's; 0: everything is ours.
    static std::optional<Terminal> take(std::size_t most_rows = 0);
    Terminal(Terminal&& other) noexcept;
    Terminal& operator=(Terminal&&) = delete;
    ~Terminal();

    ScreenSize size() const;
    void draw(const std::vector<Line>& lines) const;

    /// Readable when size() has changed, or when the program shall end.
    int signals() const { return signals_.get(); }
    /// Reads them; whether one of them asks for the end.
    bool told_to_end() const;
    /// Reads the keys that were pressed; whether one of them asks for the end: q or Ctrl-C.
    static bool key_ends();

private:
    explicit Terminal(termios before, host::Fd signals, std::size_t most_rows);

    termios before_;
    host::Fd signals_;
    std::size_t most_rows_;
    bool ours_ = true;
};

}  // namespace holdfast::tool
