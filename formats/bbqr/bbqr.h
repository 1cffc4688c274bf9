#pragma once

#include "formats/bbqr/part.h"

#include <optional>
#include <vector>

/// Sending and receiving a file by BBQr.
namespace coffer::bbqr {

struct File {
    char type = 'B';
    Bytes content;
    bool operator==(const File&) const = default;
};

/// No file is taken that is larger when it is unpacked.
constexpr std::size_t most_file_bytes = 8 * 1024 * 1024;

/// The texts of the codes, each of at most so many characters. Packed only where that makes it shorter, as other encoders do.
///
/// Error{qr_limit} when it takes more than 1295 codes; an empty file and codes that hold nothing are broken invariants.
std::vector<std::string> split(const File& file, Encoding wanted, std::size_t characters);

/// Receiving: parts in any order, also again and again. Linear in what is shown.
class Session {
public:
    enum class Step { nothing_new, new_part, complete };

    /// Throws what parse_part() throws; Error{qr_mixed} for a part of another file than the first, by encoding, type, count or other
    /// content at a place that is taken; Error{qr_part} for one whose size is not that of the others, or more than theirs at the
    /// end. None of these changes what was received. Error{qr_inflate} when all parts together do not unpack: then everything
    /// received is forgotten, and the next part is the first.
    Step add(std::string_view text);

    /// 0 before the first part.
    unsigned needed() const { return m_count; }
    unsigned received() const { return m_received; }
    bool is_complete() const { return m_file.has_value(); }
    /// Before is_complete() a broken invariant.
    const File& file() const;

private:
    void begin(const Part& part);
    void require_same_file(const Part& part) const;
    void require_fitting_size(const Part& part) const;
    void complete();

    Encoding m_encoding = Encoding::base32;
    char m_type = 0;
    unsigned m_count = 0;
    unsigned m_received = 0;
    std::vector<Bytes> m_bodies; ///< by index; empty until they come
    std::size_t m_body_size = 0; ///< of every part but the last, once one came
    std::optional<File> m_file;
};

} // namespace coffer::bbqr
