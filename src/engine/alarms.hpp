// engine/alarms.hpp: what a person must know: raised once, cleared when over, kept until then.
#pragma once
#include "console/requests.hpp"
#include "engine/context.hpp"

#include <map>
#include <string>
#include <vector>

namespace holdfast::engine {

class Alarms {
public:
    explicit Alarms(Context& context) : context_{context} {}

    /// `id` names the trouble ("trunk-carrier"), `text` says what is wrong and what to do.
    void raise(const std::string& id, const std::string& text);
    void clear(const std::string& id);
    bool acknowledge(const std::string& id);
    std::vector<console::AlarmLine> lines() const;
    std::size_t active() const;
    std::vector<console::AlarmLine> take_changed() { return std::exchange(changed_, {}); }

private:
    struct Alarm {
        std::string text;
        Instant since{};
        bool active = true, acknowledged = false;
    };
    console::AlarmLine line(const std::string& id, const Alarm& alarm) const;
    static constexpr std::size_t most_alarms = 256;

    Context& context_;
    std::map<std::string, Alarm> alarms_;
    std::vector<console::AlarmLine> changed_;
};

}  // namespace holdfast::engine
