#pragma once

#include "core/console/terminal.h"
#include "core/keys/dice_rolls.h"

namespace coffer::appliance {

/// Asks for at least `least` rolls, line by line and without echo. Each line is answered with how many rolls it
/// had and how many there are; the count of every face is shown at the end only, since that of a short line would give
/// the line away, and compared with the tally that the person kept.
///
/// Throws Error{rng} for too few or unfair rolls, Error{declined} when the tally is another one, Error{presence}.
keys::DiceRolls ask_dice(console::Terminal& terminal, std::size_t least);

} // namespace coffer::appliance
