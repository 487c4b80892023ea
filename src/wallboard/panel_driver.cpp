#include "wallboard/panel_driver.hpp"

#include "base/enum_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <type_traits>
#include <utility>
#include <variant>

namespace holdfast::wallboard::panel {
namespace {

constexpr Micros between_commits = 100ms;      // ten a second at most
constexpr Micros status_every = 10s;           // and clock and brightness, which are said again too
constexpr Micros greets_again = 1s;            // a board that does not answer
constexpr int most_doublings = 3;              // of that, where others wait for the line: 8 s
constexpr std::size_t most_bitmap_part = 248;  // octets of a request
constexpr Micros greets_refuser = 5s;          // one that says no

std::string octets(link::Bytes bytes) {
    return {bytes.begin(), bytes.end()};
}

std::uint32_t local_seconds(const Figures& f) {
    const auto local = f.wall.time_since_epoch() + std::chrono::seconds{f.utc_offset_s};
    const auto of_day = local - std::chrono::floor<std::chrono::days>(local);
    return static_cast<std::uint32_t>(std::chrono::floor<std::chrono::seconds>(of_day).count());
}

}  // namespace

PanelDriver::PanelDriver(Settings settings)
    : settings_{std::move(settings)},
      sparks_{settings_.layout},
      sender_{{.baud = settings_.baud}} {}

void PanelDriver::connected(Instant now) {
    lost();
    begin_anew(now);
}

void PanelDriver::lost() {
    if (update_) update_->line_lost();
}

/// From HELLO on, at that time: nothing is known of the board.
void PanelDriver::begin_anew(Instant at) {
    sender_.drop();
    asked_ = Asked::nothing;
    phase_ = Phase::unknown;
    greet_at_ = at;
    laid_out_ = 0;
}

void PanelDriver::show(const Figures& figures, Instant now) {
    figures_ = figures;
    fresh_ = true;
    sparks_.take(figures, now);
    if (update_) update_->time_passed(now);
    draw(now);
}

void PanelDriver::draw(Instant now) {
    if (!figures_ || settings_.layout.pages.empty()) return;
    const auto& pages = settings_.layout.pages;
    if (page_until_ == never && pages.size() > 1) page_until_ = now + pages[page_].dwell;
    const AlarmFigure* alarm = alarm_to_show(*figures_, settings_.least_priority);
    if (phase_ == Phase::unfit)
        wanted_ = sentence_picture(unfit_, width_, height_);
    else if (alarm != nullptr)
        wanted_ = alarm_picture(*alarm, pages[page_], *figures_, sparks_, settings_.geometry);
    else
        wanted_ = picture_of(pages[page_], *figures_, sparks_);
}

void PanelDriver::turn_page(Instant now) {
    if (now < page_until_) return;
    const auto& pages = settings_.layout.pages;
    page_ = (page_ + 1) % pages.size();
    page_until_ = now + pages[page_].dwell;
    fresh_ = true;
    draw(now);
}

// ---- Asking -------------------------------------------------------------------------------------

std::string PanelDriver::next(Instant now) {
    if (phase_ == Phase::silent) return {};
    if (sender_.busy()) {
        if (now < sender_.next_deadline()) return {};
        switch (sender_.advance(now)) {
            case link::Due::again:
                return octets(sender_.frame());
            case link::Due::nothing:
                return {};
            case link::Due::gave_up:
                trouble_ = "does not answer: is it switched on, and are line, baud and node right?";
                if (update_) update_->unanswered(now);
                begin_anew(now + pause_of_unheard());
                break;
        }
    }
    return octets(ask_next(now));
}

link::Bytes PanelDriver::ask_next(Instant now) {
    const auto asks = [&](Asked what, link::Bytes frame) {
        asked_ = what;
        return frame;
    };
    if (phase_ == Phase::unknown) return now < greet_at_ ? link::Bytes{} : greet(now);
    if (!figures_) return ask_update(now);
    turn_page(now);
    begin_layout();
    if (parts_done_ < layout_parts(wanted_))
        return asks(Asked::layout,
                    sender_.ask(settings_.node, layout_part(wanted_, parts_done_), now));
    if (phase_ == Phase::known && bitmap_ < settings_.layout.bitmaps.size())
        return asks(Asked::bitmap, ask_bitmap(now));
    if (!all_set()) return asks(Asked::set, ask_set(now));
    if (fresh_ && now >= commit_at_)
        return asks(Asked::commit, sender_.ask(settings_.node, link::Commit{laid_out_}, now));
    if (const auto frame = ask_update(now); !frame.empty()) return frame;
    // Whoever gave it that firmware is gone, and it has shown a picture.
    if (unconfirmed_ && !fresh_ && phase_ == Phase::known)
        return asks(Asked::confirm, sender_.ask(settings_.node, link::FwConfirm{}, now));
    return ask_housekeeping(now);
}

link::Bytes PanelDriver::greet(Instant now) {
    ++counters_.greetings;
    asked_ = Asked::hello;
    const std::uint8_t attempts = settings_.shares_line && unheard_ > 0 ? 1 : 0;
    return sender_.ask(settings_.node, link::Hello{}, now, attempts);
}

/// Where the board has not the one that is wanted.
void PanelDriver::begin_layout() {
    if (laid_out_ == wanted_.layout) return;
    laid_out_ = wanted_.layout;
    parts_done_ = 0;
    told_.assign(wanted_.cells.size(), std::nullopt);
    ++counters_.layouts;
}

/// A dead board takes 150 ms of a shared line each time that it is asked: 2 % of it in the end.
Micros PanelDriver::pause_of_unheard() {
    const int doublings = settings_.shares_line ? std::min(unheard_, most_doublings) : 0;
    ++unheard_;
    return greets_again * (1 << doublings);
}

bool PanelDriver::all_set() const {
    return std::ranges::equal(told_, wanted_.contents);
}

/// As many of the cells that have changed as one frame takes.
link::Bytes PanelDriver::ask_set(Instant now) {
    constexpr std::size_t head = link::request_header + 5;  // layout and count
    std::size_t size = head;
    telling_.clear();
    told_now_.clear();
    for (std::size_t i = 0; i < wanted_.contents.size(); ++i) {
        const auto& content = wanted_.contents[i];
        if (told_[i] == content) continue;
        if (size += link::value_octets + content.bytes.size(); size > link::most_payload) break;
        telling_.push_back(i);
        told_now_.push_back(content);
    }
    link::Set set;
    set.layout = laid_out_;
    for (std::size_t i = 0; i < telling_.size(); ++i)
        static_cast<void>(set.values.push_back(
            {{static_cast<std::uint8_t>(telling_[i]), told_now_[i].look}, told_now_[i].bytes}));
    ++counters_.sets;
    return sender_.ask(settings_.node, set, now);
}

/// What it has stored is gone when it starts anew.
link::Bytes PanelDriver::ask_bitmap(Instant now) {
    const auto& bitmap = settings_.layout.bitmaps[bitmap_];
    const auto rest = link::Bytes{bitmap.pixels}.subspan(bitmap_offset_);
    return sender_.ask(settings_.node,
                       link::Bitmap{static_cast<std::uint8_t>(bitmap_),
                                    bitmap.width,
                                    bitmap.height,
                                    static_cast<std::uint16_t>(bitmap_offset_),
                                    rest.first(std::min(most_bitmap_part, rest.size()))},
                       now);
}

/// Brightness and clock, which the board forgets when it starts anew, and then how it is.
link::Bytes PanelDriver::ask_housekeeping(Instant now) {
    if (!figures_ || now < status_at_) return {};
    switch (chore_) {
        case 0: {
            asked_ = Asked::chore;
            const auto level = static_cast<std::uint8_t>(settings_.brightness * 255 / 100);
            return sender_.ask(settings_.node, link::Brightness{level}, now);
        }
        case 1:
            asked_ = Asked::chore;
            return sender_.ask(settings_.node, link::Time{local_seconds(*figures_)}, now);
        default:
            asked_ = Asked::status;
            return sender_.ask(settings_.node, link::Status{}, now);
    }
}

Instant PanelDriver::wake() const {
    if (phase_ == Phase::silent) return never;
    if (sender_.busy()) return sender_.next_deadline();
    if (phase_ == Phase::unknown) return greet_at_;
    const Instant update = update_ && !update_->over() ? update_->wake() : never;
    if (!figures_) return update;
    return std::min({fresh_ ? commit_at_ : never, page_until_, status_at_, update});
}

// ---- Answers ------------------------------------------------------------------------------------

void PanelDriver::received(std::string_view bytes, Instant now) {
    for (const char c : bytes)
        if (const auto answer = sender_.take(static_cast<std::uint8_t>(c))) take(*answer, now);
}

void PanelDriver::take(const link::Answer& answer, Instant now) {
    answered_at_ = now;
    unheard_ = 0;
    const Asked asked = std::exchange(asked_, Asked::nothing);
    if (asked == Asked::update) return take_update(answer, now);
    if (answer.refusal != link::Refusal::done) return take_refusal(answer, asked, now);
    switch (asked) {
        case Asked::nothing:
        case Asked::update:
            break;
        case Asked::hello:
            if (const auto hello = link::read_body<link::HelloAnswer>(answer.body))
                take_hello(*hello, now);
            break;
        case Asked::layout:
            ++parts_done_;
            break;
        case Asked::bitmap: {
            const auto& pixels = settings_.layout.bitmaps[bitmap_].pixels;
            bitmap_offset_ += std::min(most_bitmap_part, pixels.size() - bitmap_offset_);
            if (bitmap_offset_ == pixels.size()) ++bitmap_, bitmap_offset_ = 0;
            break;
        }
        case Asked::set:
            for (std::size_t i = 0; i < telling_.size(); ++i)
                told_[telling_[i]] = told_now_[i];
            break;
        case Asked::commit:
            if (const auto commit = link::read_body<link::CommitAnswer>(answer.body))
                take_commit(*commit, now);
            break;
        case Asked::chore:
            ++chore_;
            break;
        case Asked::confirm:
            unconfirmed_ = false;
            break;
        case Asked::status:
            chore_ = 0;
            status_at_ = now + status_every;
            if (const auto status = link::read_body<link::StatusAnswer>(answer.body))
                take_status(*status);
            break;
    }
}

void PanelDriver::take_hello(const link::HelloAnswer& hello, Instant now) {
    if (update_) update_->greeted(hello, now);
    boot_ = hello.boot;
    slot_ = hello.slot;
    unconfirmed_ = hello.confirmed == 0;
    width_ = hello.width;
    height_ = hello.height;
    what_ = fmt::format("{} {}x{}, firmware {}, last start by {}",
                        hello.board,
                        hello.width,
                        hello.height,
                        hello.version,
                        text(hello.cause));
    bitmap_ = bitmap_offset_ = 0;
    unfit_ = unfit(hello);
    phase_ = unfit_.empty() ? Phase::known : Phase::unfit;
    chore_ = 0;
    status_at_ = now;
    fresh_ = figures_.has_value();
    draw(now);
}

/// Why the board cannot show what it should; empty where it can.
std::string PanelDriver::unfit(const link::HelloAnswer& hello) const {
    if (!settings_.board.empty() && hello.board != settings_.board)
        return fmt::format(
            "unknown board: the settings want {}, this is {}", settings_.board, hello.board);
    if (hello.width != settings_.geometry.width || hello.height != settings_.geometry.height)
        return fmt::format("geometry mismatch: the settings say {}x{}, the board is {}x{}",
                           settings_.geometry.width,
                           settings_.geometry.height,
                           hello.width,
                           hello.height);
    return {};
}

void PanelDriver::take_refusal(const link::Answer& answer, Asked asked, Instant now) {
    using link::Refusal;
    // It has started anew since it was laid out.
    if (answer.refusal == Refusal::unknown_layout || answer.refusal == Refusal::incomplete)
        return begin_anew(now + between_commits);
    if (answer.refusal == Refusal::wrong_version)
        trouble_ = fmt::format(
            "wrong protocol version: the board speaks version {}, this daemon version {}; update "
            "its firmware",
            answer.detail,
            link::protocol_version);
    else
        trouble_ = fmt::format("the board refused {}: {} ({})",
                               text(asked),
                               link::sentence(answer.refusal),
                               answer.detail);
    begin_anew(now + greets_refuser);
}

void PanelDriver::take_commit(const link::CommitAnswer& commit, Instant now) {
    ++counters_.commits;
    if (commit.boot != boot_) return begin_anew(now);
    fresh_ = false;
    commit_at_ = now + between_commits;
    trouble_.clear();
}

void PanelDriver::take_status(const link::StatusAnswer& status) {
    screen_ = status.screen;
    if (status.boot != boot_) begin_anew(status_at_ - status_every);
}

// ---- New firmware -------------------------------------------------------------------------------

void PanelDriver::update(std::size_t, std::vector<Image> images, Instant now) {
    const bool there = phase_ == Phase::known || phase_ == Phase::unfit;
    update_refused_ = !there                        ? "the board is not there"
                      : update_ && !update_->over() ? "another update is under way"
                                                    : "";
    if (!update_refused_.empty()) return;
    link::HelloAnswer board;
    board.boot = boot_;
    board.slot = slot_;
    update_.emplace(std::move(images), board, now);
}

/// Between pictures: the board goes on showing them, and says NO DATA only while it starts.
link::Bytes PanelDriver::ask_update(Instant now) {
    if (!update_) return {};
    const auto request = update_->next(now);
    return std::visit(
        [&](const auto& body) -> link::Bytes {
            if constexpr (std::is_same_v<std::decay_t<decltype(body)>, std::monostate>) {
                return {};
            } else {
                asked_ = Asked::update;
                return sender_.ask(settings_.node, body, now);
            }
        },
        request);
}

void PanelDriver::take_update(const link::Answer& answer, Instant now) {
    if (!update_) return;
    update_->answered(answer, now);
    if (update_->over()) unconfirmed_ = unconfirmed_ && update_->failed();
    if (update_->restarting()) begin_anew(now + greets_again);
}

Health PanelDriver::health(Instant) const {
    Health h{what_.empty() ? "a board of ours" : what_, trouble_, answered_at_};
    if (unconfirmed_) h.what += ", on trial";
    h.update = !update_refused_.empty() ? update_refused_ : update_ ? update_->state() : "";
    h.updating = update_ && !update_->over();
    if (h.trouble.empty()) h.trouble = unfit_;
    if (h.trouble.empty() && screen_ == link::Screen::test)
        h.trouble = "shows its test picture, as somebody asked it to";
    if (h.trouble.empty() && screen_ == link::Screen::blank)
        h.trouble = "is dark, as somebody asked it to be";
    return h;
}

}  // namespace holdfast::wallboard::panel
