#pragma once

#include "core/console/terminal.h"

namespace coffer::console {

/// /dev/tty, opened at first use.
///
/// The settings of the terminal are changed only while a secret or a key is awaited and are put
/// back on every way out: answer, error, end of input, and SIGINT, SIGTERM, SIGHUP and SIGQUIT, which are
/// caught for just that time. Suspending (^Z) is off meanwhile, so that no shell is left without echo.
class TtyTerminal final : public Terminal {
public:
    TtyTerminal() = default;
    TtyTerminal(const TtyTerminal&) = delete;
    TtyTerminal& operator=(const TtyTerminal&) = delete;
    ~TtyTerminal() override;

    bool present() override;
    TerminalSize size() override;
    void flush_input() override;
    void clear() override;

protected:
    void put(std::string_view safe_text) override;
    std::string get_line(std::string_view safe_prompt) override;
    SecretBytes get_secret(std::string_view safe_prompt) override;
    Key get_key(std::string_view safe_prompt) override;

private:
    int descriptor();

    int m_descriptor = -1;
    bool m_tried = false;
};

} // namespace coffer::console
