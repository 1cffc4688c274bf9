#pragma once

#include "core/base/secret.h"
#include "core/console/environment.h"

#include <string>

namespace coffer::appliance {

/// Takes what was shown from the screen however the block ends: also whoever goes away from a secret leaves none behind.
class ClearedScreen {
public:
    explicit ClearedScreen(console::Terminal& terminal) : m_terminal{terminal} { m_terminal.clear(); }
    ~ClearedScreen();
    ClearedScreen(const ClearedScreen&) = delete;
    ClearedScreen& operator=(const ClearedScreen&) = delete;

private:
    console::Terminal& m_terminal;
};

struct WordsOnPaper {
    std::string name;          ///< of what the words are: "share 1 of 5, set 4711 of key k1"
    std::string heading;       ///< above them
    std::string and_with_them; ///< what else is written down
    std::string if_not;        ///< what to do when they were not confirmed
};

/// Shows words alone, numbered, and takes them from the screen again; then three of them, of places that are drawn, are typed by whoever
/// has written them down. What is wrong three times throws Error{declined}. Words go to the terminal and never to a stream.
void have_written_down(console::Environment& environment, const SecretBytes& words, const WordsOnPaper& paper);

} // namespace coffer::appliance
