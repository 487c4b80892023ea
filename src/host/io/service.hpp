// host/io/service.hpp: what a program and its surroundings owe each other: systemd, limits, chance.
#pragma once
#include "base/random.hpp"
#include "base/time.hpp"

#include <cstddef>

namespace holdfast::host {

/// 256 bits from the kernel.
Seed kernel_seed();

/// Raises RLIMIT_NOFILE to `wanted`, or as far as it goes; returns what it is then.
std::size_t raise_descriptor_limit(std::size_t wanted);

// systemd's notifications; without systemd they do nothing.
void notify_ready();
void notify_stopping();
void notify_alive();
/// How often notify_alive() is due, half of what the unit asks; zero where it asks for none.
Micros watchdog_interval();

}  // namespace holdfast::host
