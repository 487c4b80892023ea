// base/ids.hpp: strong ids. Passing one where another is due does not compile. Zero is nobody.
#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace holdfast {

template <class Tag>
struct Id {
    std::uint32_t value = 0;
    constexpr explicit operator bool() const { return value != 0; }
    friend constexpr auto operator<=>(Id, Id) = default;
};

using CallId = Id<struct CallTag>;          ///< One caller's way through the centre.
using LegId = Id<struct LegTag>;            ///< One SIP dialog of ours with its media.
using AgentId = Id<struct AgentTag>;        ///< A person, 1-based in the order of the settings.
using DeviceId = Id<struct DeviceTag>;      ///< A desk phone, 1-based in the order of the settings.
using QueueId = Id<struct QueueTag>;        ///< 1-based in the order of the settings.
using TrunkId = Id<struct TrunkTag>;        ///< 1-based in the order of the settings.
using ListenerId = Id<struct ListenerTag>;  ///< 1-based in the order of the settings.
using FlowId = Id<struct FlowTag>;          ///< One TCP or TLS connection; zero on UDP.
using MediaId = Id<struct MediaTag>;        ///< One RTP endpoint in the media process.
using SourceId = Id<struct SourceTag>;      ///< One recording or tone the media process can play.
using ConferenceId = Id<struct ConferenceTag>;  ///< Parties that the media process mixes.
using SessionId = Id<struct SessionTag>;        ///< One INVITE dialog usage inside sip.

}  // namespace holdfast

template <class Tag>
struct std::hash<holdfast::Id<Tag>> {
    std::size_t operator()(holdfast::Id<Tag> id) const noexcept { return id.value; }
};
