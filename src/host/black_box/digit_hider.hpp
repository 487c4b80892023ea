// host/black_box/digit_hider.hpp: digits in INFO that are to be kept nowhere. Each becomes a zero:
// what is kept reads as before, and tells how many there were.
#pragma once
#include "engine/inputs.hpp"

#include <string>

namespace holdfast::host {

/// In application/dtmf-relay and application/dtmf: whole messages, or pieces of a connection's
/// bytes.
void hide_digits(std::string& bytes);
/// In a datagram or in what came on a connection.
engine::Input without_digits(engine::Input input);

}  // namespace holdfast::host
