#include "firmware/screens.hpp"

#include "firmware/renderer.hpp"

#include <array>

namespace holdfast::firmware {
namespace {

using link::Colour;
using link::Font;

/// Text in place, put together without a heap; what does not fit is cut.
class Line {
public:
    Line& operator<<(std::string_view more) {
        for (const char c : more)
            if (size_ < text_.size()) text_[size_++] = c;
        return *this;
    }
    Line& number(std::uint32_t value, unsigned digits = 1) {
        std::array<char, 10> reversed{};
        unsigned size = 0;
        for (; value > 0 || size < digits; value /= 10)
            reversed[size++] = static_cast<char>('0' + value % 10);
        while (size > 0)
            *this << std::string_view{&reversed[--size], 1};
        return *this;
    }
    /// m:ss, or h:mm:ss.
    Line& span(std::uint32_t seconds) {
        const std::uint32_t hours = seconds / 3600;
        if (hours > 0) number(hours) << ":";
        number(seconds / 60 % 60, hours > 0 ? 2 : 1) << ":";
        return number(seconds % 60, 2);
    }
    std::string_view view() const { return {text_.data(), size_}; }

private:
    std::array<char, 64> text_{};
    std::size_t size_ = 0;
};

/// Two lines, each centred in its half, in the largest font that holds both.
void draw_two(Canvas& canvas, std::string_view upper, std::string_view lower, Colour colour) {
    constexpr std::array fonts{
        Font::large_12x24, Font::body_8x16, Font::plain_6x12, Font::tiny_5x8, Font::small_4x6};
    canvas.fill(canvas.whole(), Colour::black);
    const int half = canvas.height() / 2;
    const auto longest = static_cast<int>(std::max(upper.size(), lower.size()));
    const auto* font = std::ranges::find_if(fonts, [&](Font f) {
        return link::size_of(f).height <= half &&
               longest * link::size_of(f).width <= canvas.width();
    });
    const Font chosen = font == fonts.end() ? Font::small_4x6 : *font;
    const auto size = link::size_of(chosen);
    const auto put = [&](std::string_view text, int top) {
        const int width = static_cast<int>(text.size()) * size.width;
        draw_text(canvas,
                  text,
                  chosen,
                  (canvas.width() - width) / 2,
                  top + (half - size.height) / 2,
                  colour,
                  canvas.whole());
    };
    put(upper, 0);
    put(lower, half);
}

}  // namespace

void draw_no_data(Canvas& canvas, std::uint32_t age_s) {
    Line lower;
    lower << "for ";
    lower.span(age_s);
    draw_two(canvas, "NO DATA", lower.view(), Colour::red);
}

void draw_waiting(Canvas& canvas, std::string_view version, unsigned node, std::uint32_t age_s) {
    Line upper;
    upper << "NO DATA yet, ";
    upper.span(age_s);
    Line lower;
    lower << "holdfast " << version << " node ";
    lower.number(node);
    draw_two(canvas, upper.view(), lower.view(), Colour::amber);
}

void draw_wrong_version(Canvas& canvas, unsigned theirs, unsigned ours) {
    Line lower;
    lower << "daemon ";
    lower.number(theirs) << ", board ";
    lower.number(ours);
    draw_two(canvas, "WRONG PROTOCOL", lower.view(), Colour::red);
}

void draw_test(Canvas& canvas) {
    constexpr int colours = 16;
    for (int i = 0; i < colours; ++i) {
        const int left = canvas.width() * i / colours;
        const int right = canvas.width() * (i + 1) / colours;
        canvas.fill({left, 0, right - left, canvas.height()}, static_cast<Colour>(i));
    }
    const int right = canvas.width() - 1;
    const int bottom = canvas.height() - 1;
    for (const Box& side : {Box{0, 0, canvas.width(), 1},
                            Box{0, bottom, canvas.width(), 1},
                            Box{0, 0, 1, canvas.height()},
                            Box{right, 0, 1, canvas.height()}})
        canvas.fill(side, Colour::white);
}

}  // namespace holdfast::firmware
