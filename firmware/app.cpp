#include "firmware/app.hpp"

#include "firmware/screens.hpp"

namespace holdfast::firmware {

using link::Kind;
using link::Refusal;
using link::Request;
using link::Screen;

struct App::Handler {
    void (*run)(App&, const Request&, Instant);

    static Handler of(std::uint8_t kind);
};

App::App(const BoardFacts& facts,
         const Start& start,
         Canvas canvas,
         Hardware& hardware,
         Updates* updates)
    : facts_{facts},
      start_{start},
      canvas_{canvas},
      hardware_{hardware},
      updates_{updates},
      receiver_{facts.node},
      pictures_{facts.width, facts.height} {}

void App::take(std::uint8_t octet, Instant now) {
    if (const auto request = receiver_.take(octet)) carry_out(*request, now);
}

void App::carry_out(const Request& request, Instant now) {
    if (request.version != link::protocol_version) {
        foreign_version_ = request.version;
        changed_ = true;
        return answer(request, {Refusal::wrong_version, link::protocol_version});
    }
    if (foreign_version_) changed_ = true;
    foreign_version_.reset();
    if (request.kind >= enum_count<Kind>)
        return answer(request, {Refusal::unknown_kind, request.kind});
    Handler::of(request.kind).run(*this, request, now);
}

void App::answer(const Request& request, Verdict verdict) {
    if (verdict.refusal != Refusal::done) ++refused_;
    if (request.node == link::broadcast) return;
    hardware_.write(
        link::write_answer(out_, facts_.node, request, verdict.refusal, verdict.detail));
}

template <class T>
void App::answer_with(const Request& request, const T& body) {
    if (request.node == link::broadcast) return;
    hardware_.write(link::write_answer(out_, facts_.node, request, body));
}

template <class T>
void App::performed(App& app, const Request& request, Instant now) {
    const auto body = link::read_body<T>(request.body);
    app.answer(request, body ? app.perform(*body, now) : Verdict{Refusal::malformed, 0});
}

App::Handler App::Handler::of(std::uint8_t kind) {
    static constexpr std::array<Handler, enum_count<Kind>> handlers{{
        {[](App& app, const Request& r, Instant now) { app.hello(r, now); }},
        {[](App& app, const Request& r, Instant now) { app.status(r, now); }},
        {performed<link::Layout>},
        {performed<link::Set>},
        {[](App& app, const Request& r, Instant now) { app.commit(r, now); }},
        {performed<link::SetPalette>},
        {performed<link::Brightness>},
        {performed<link::Time>},
        {performed<link::Bitmap>},
        {performed<link::ShowScreen>},
        {[](App& app, const Request& r, Instant now) { app.snapshot(r, now); }},
        {performed<link::Reboot>},
        {performed<link::FwBegin>},
        {performed<link::FwData>},
        {performed<link::FwEnd>},
        {performed<link::FwConfirm>},
    }};
    return handlers[kind];
}

void App::hello(const Request& request, Instant) {
    answer_with(request,
                link::HelloAnswer{.board = facts_.name,
                                  .width = facts_.width,
                                  .height = facts_.height,
                                  .colour_bits = facts_.colour_bits,
                                  .version = facts_.version,
                                  .boot = start_.boot,
                                  .cause = start_.cause,
                                  .layout = pictures_.shown().layout,
                                  .slot = start_.slot,
                                  .confirmed = std::uint8_t{start_.confirmed}});
}

void App::status(const Request& request, Instant now) {
    const auto& line = receiver_.counters();
    answer_with(request,
                link::StatusAnswer{.boot = start_.boot,
                                   .uptime_s = static_cast<std::uint32_t>((now - started_at_) / 1s),
                                   .layout = pictures_.shown().layout,
                                   .screen = screen(now),
                                   .brightness = brightness_,
                                   .refresh_hz = facts_.refresh_hz,
                                   .frames = line.frames,
                                   .damaged = line.checksum + line.too_short + line.too_long +
                                              line.aborted + line.control,
                                   .overruns = hardware_.overruns(),
                                   .refused = refused_});
}

void App::commit(const Request& request, Instant now) {
    const auto body = link::read_body<link::Commit>(request.body);
    if (!body) return answer(request, {Refusal::malformed, 0});
    const Verdict verdict = pictures_.commit(*body, now);
    if (verdict.refusal != Refusal::done) return answer(request, verdict);
    committed_at_ = now;
    changed_ = true;
    ++commits_;
    answer_with(request, link::CommitAnswer{start_.boot, commits_});
}

void App::snapshot(const Request& request, Instant now) {
    const auto body = link::read_body<link::Snapshot>(request.body);
    if (!body) return answer(request, {Refusal::malformed, 0});
    Moment moment{.now = now, .at_ms = {}, .clock_s = clock_s(now)};
    if (body->at_ms != link::as_shown) moment.at_ms = body->at_ms;
    if (moment.at_ms)
        draw_page(canvas_, pictures_, moment);
    else
        draw(moment);
    changed_ = true;  // the canvas holds another moment than is due
    answer_with(request,
                link::SnapshotAnswer{.crc = canvas_.crc(),
                                     .screen = screen(now),
                                     .age_ms = static_cast<std::uint32_t>(age(now) / 1ms)});
}

Verdict App::perform(const link::Layout& layout, Instant) {
    return pictures_.lay_out(layout);
}
Verdict App::perform(const link::Set& set, Instant) {
    return pictures_.set(set);
}
Verdict App::perform(const link::Bitmap& bitmap, Instant) {
    changed_ = true;
    return pictures_.store(bitmap);
}
Verdict App::perform(const link::SetPalette& palette, Instant) {
    pictures_.set_palette(palette.colours);
    return {};
}
Verdict App::perform(const link::Brightness& brightness, Instant) {
    changed_ = changed_ || brightness_ != brightness.level;
    brightness_ = brightness.level;
    return {};
}
Verdict App::perform(const link::Time& time, Instant now) {
    constexpr std::uint32_t day_s = 86'400;
    if (time.local_s >= day_s) return {Refusal::malformed, 0};
    clock_ = Clock{now, time.local_s};
    return {};
}
Verdict App::perform(const link::ShowScreen& show, Instant) {
    if (show.screen == Screen::no_data || show.screen == Screen::wrong_version)
        return {Refusal::malformed, 0};
    asked_for_ = show.screen;
    changed_ = true;
    return {};
}
Verdict App::perform(const link::Reboot& reboot, Instant now) {
    reboot_at_ = now + reboot_delay;
    reboot_into_ = reboot.into;
    return {};
}
Verdict App::perform(const link::FwBegin& begin, Instant) {
    return updates_ != nullptr ? updates_->begin(begin) : Verdict{Refusal::no_update, 0};
}
Verdict App::perform(const link::FwData& data, Instant) {
    return updates_ != nullptr ? updates_->data(data) : Verdict{Refusal::no_update, 0};
}
Verdict App::perform(const link::FwEnd&, Instant) {
    return updates_ != nullptr ? updates_->end() : Verdict{Refusal::no_update, 0};
}
Verdict App::perform(const link::FwConfirm&, Instant) {
    if (updates_ == nullptr) return {Refusal::no_update, 0};
    const Verdict verdict = updates_->confirm();
    start_.confirmed = start_.confirmed || verdict.refusal == Refusal::done;
    return verdict;
}

Screen App::screen(Instant now) const {
    if (asked_for_ != Screen::picture) return asked_for_;
    if (foreign_version_) return Screen::wrong_version;
    return committed_at_ && age(now) < stale_after ? Screen::picture : Screen::no_data;
}

std::optional<std::uint32_t> App::clock_s(Instant now) const {
    if (!clock_) return std::nullopt;
    return static_cast<std::uint32_t>((now - clock_->at) / 1s) + clock_->local_s;
}

void App::draw(const Moment& moment) {
    const auto age_s = static_cast<std::uint32_t>(age(moment.now) / 1s);
    switch (screen(moment.now)) {
        case Screen::picture:
            return draw_page(canvas_, pictures_, moment);
        case Screen::no_data:
            return committed_at_ ? draw_no_data(canvas_, age_s)
                                 : draw_waiting(canvas_, facts_.version, facts_.node, age_s);
        case Screen::wrong_version:
            return draw_wrong_version(
                canvas_, foreign_version_.value_or(0), link::protocol_version);
        case Screen::test:
            return draw_test(canvas_);
        case Screen::blank:
            return canvas_.fill(canvas_.whole(), link::Colour::black);
    }
}

std::uint32_t App::face(Instant now) const {
    const Screen shown = screen(now);
    const auto second = shown == Screen::picture ? clock_s(now).value_or(0)
                                                 : static_cast<std::uint32_t>(age(now) / 1s);
    return static_cast<std::uint32_t>(shown) | second << 3;
}

void App::show(Instant now) {
    draw({.now = now, .at_ms = {}, .clock_s = clock_s(now)});
    hardware_.show(canvas_, palette(), brightness_);
    changed_ = false;
    shown_face_ = face(now);
}

void App::step(Instant now) {
    if (!stepped_) started_at_ = next_frame_ = now;
    stepped_ = true;
    hardware_.feed_watchdog();
    if (updates_ != nullptr) updates_->step();
    if (reboot_at_ && now >= *reboot_at_) {
        reboot_at_.reset();
        hardware_.reboot(reboot_into_);
    }
    if (now < next_frame_) return;
    // A frame that was missed is left out, not made up for.
    next_frame_ = std::max(next_frame_ + frame_time, now);
    const bool moving = screen(now) == Screen::picture && moves(pictures_.shown());
    if (changed_ || moving || face(now) != shown_face_) show(now);
}

}  // namespace holdfast::firmware
