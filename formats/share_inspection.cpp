#include "formats/share_inspection.h"

#include "core/encoding/hex.h"
#include "core/keys/slip39.h"
#include "core/keys/word_list.h"

#include <algorithm>

namespace coffer::inspection {

namespace {

constexpr std::size_t fewest_words = 16;
constexpr std::size_t most_unknown_words = 3;

bool looks_like_share(const SecretBytes& text)
{
    using namespace keys;
    if (text.size() > WordSequence::longest_text)
        return false;
    const auto words = WordSequence::split(text, LetterCase::ignored, ErrorCode::share_length);
    if (words.count() < fewest_words || words.count() > WordSequence::capacity + most_unknown_words)
        return false;
    std::size_t unknown = 0;
    for (std::size_t i = 0; i < std::min(words.count(), WordSequence::capacity); ++i)
        unknown += slip39_words().find(words[i], Spelling::whole_or_four_letters).is_found ? 0U : 1U;
    return unknown <= most_unknown_words;
}

Document describe(const keys::ShareHeader& header)
{
    return Document::object()
        .set("kind", "share")
        .set("identifier", std::uint64_t{header.identifier})
        .set("extendable", header.extendable)
        .set("iteration_exponent", std::uint64_t{header.iteration_exponent})
        .set("group_index", std::uint64_t{header.group_index})
        .set("group_threshold", std::uint64_t{header.group_threshold})
        .set("group_count", std::uint64_t{header.group_count})
        .set("member_index", std::uint64_t{header.member_index})
        .set("member_threshold", std::uint64_t{header.member_threshold})
        .set("warnings",
             Document::list().add("whoever sees enough such words has the key: keep them on paper or metal, apart"));
}

} // namespace

std::optional<Document> inspect_share(ByteView input, const std::string& kind)
{
    if (!kind.empty() && kind != "share")
        return std::nullopt;
    const auto text = SecretBytes::copy_of(input);
    if (kind.empty() && !looks_like_share(text))
        return std::nullopt;
    return describe(keys::parse_share(text).header);
}

void describe_share_drill(Document& document, const artefacts::ShareDrill& drill)
{
    auto shown = Document::list();
    for (const auto& one : drill.shown)
        shown.add(Document::object().set("share", encoding::encode_hex(one.share.bytes())).set("person", one.person));
    document.set("transcript", "share-drill")
        .set("key", drill.key)
        .set("identifier", std::uint64_t{drill.identifier})
        .set("share_set", encoding::encode_hex(drill.set.bytes()))
        .set("time", drill.time)
        .set("shares", std::uint64_t{drill.shares})
        .set("shown", std::move(shown));
}

} // namespace coffer::inspection
