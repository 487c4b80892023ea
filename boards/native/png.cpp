#include "boards/native/png.hpp"

#include <cstdio>
#include <fstream>
#include <png.h>

namespace holdfast::native {
namespace {

constexpr std::size_t channels = 3;
constexpr std::uint8_t seam = 16;  // of red, green and blue between the diodes

/// One row of diodes as one row of the picture; the seam's row where `lit` is false.
std::vector<std::uint8_t> pixel_row(
    const firmware::Canvas& canvas, const link::Palette& palette, int y, unsigned scale, bool lit) {
    const unsigned covered = scale > 2 ? scale - 1 : scale;
    std::vector<std::uint8_t> row;
    row.reserve(static_cast<std::size_t>(canvas.width()) * scale * channels);
    for (int x = 0; x < canvas.width(); ++x) {
        const auto rgb = palette[static_cast<std::size_t>(canvas.at(x, y))];
        for (unsigned i = 0; i < scale; ++i) {
            const bool diode = lit && i < covered;
            row.push_back(diode ? rgb.red : seam);
            row.push_back(diode ? rgb.green : seam);
            row.push_back(diode ? rgb.blue : seam);
        }
    }
    return row;
}

}  // namespace

std::vector<std::uint8_t> png_of(const firmware::Canvas& canvas,
                                 const link::Palette& palette,
                                 unsigned scale) {
    const unsigned covered = scale > 2 ? scale - 1 : scale;
    std::vector<std::uint8_t> pixels;
    for (int y = 0; y < canvas.height(); ++y)
        for (unsigned i = 0; i < scale; ++i) {
            const auto row = pixel_row(canvas, palette, y, scale, i < covered);
            pixels.insert(pixels.end(), row.begin(), row.end());
        }
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(canvas.width()) * scale;
    image.height = static_cast<png_uint_32>(canvas.height()) * scale;
    image.format = PNG_FORMAT_RGB;
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    std::vector<std::uint8_t> file(size);
    if (png_image_write_to_memory(&image, file.data(), &size, 0, pixels.data(), 0, nullptr) == 0)
        return {};
    file.resize(size);
    return file;
}

std::expected<void, std::string> write_png(const std::string& path,
                                           const firmware::Canvas& canvas,
                                           const link::Palette& palette,
                                           unsigned scale) {
    const auto bytes = png_of(canvas, palette, scale);
    const std::string unfinished = path + ".new";
    {
        std::ofstream out{unfinished, std::ios::binary};
        out.write(reinterpret_cast<const char*>(bytes.data()),
                  static_cast<std::streamsize>(bytes.size()));
        out.close();
        if (bytes.empty() || !out) return std::unexpected("cannot write " + unfinished);
    }
    if (std::rename(unfinished.c_str(), path.c_str()) != 0)
        return std::unexpected("cannot give " + unfinished + " the name " + path);
    return {};
}

}  // namespace holdfast::native
