#include "cli/files/csv_table.h"

#include <gtest/gtest.h>

namespace coffer::cli {
namespace {

std::string cell(const std::string& text)
{
    const auto record = csv_record({text});
    EXPECT_TRUE(record.ends_with("\"\r\n")) << record;
    return record.substr(1, record.size() - 4);
}

TEST(CsvTable, WritesARecordALine)
{
    EXPECT_EQ(csv_record({"1", "rent, March", "a \"quoted\" word", ""}), "\"1\",\"rent, March\",\"a \"\"quoted\"\" word\",\"\"\r\n");
    EXPECT_EQ(csv_record({"zu früh; bitte warten - 2 + 2 = 4"}), "\"zu früh; bitte warten - 2 + 2 = 4\"\r\n");
}

TEST(CsvTable, HasNoFormulaAtTheStartOfACell)
{
    for (const std::string start : {"=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"}) {
        EXPECT_EQ(cell(start + "1"), "'" + start + "1");
        EXPECT_EQ(cell("  " + start + "1"), "  '" + start + "1");
        EXPECT_EQ(cell("\"" + start + "1"), "\"\"'" + start + "1");
        EXPECT_EQ(cell("'" + start + "1"), "'" + start + "1");
        for (const std::string separator : {",", ";", "|", "; ", ";\""})
            EXPECT_NE(cell("a" + separator + start + "1").find("'" + start), std::string::npos) << separator;
        EXPECT_EQ(cell("a" + start + "1"), "a" + start + "1");
    }
}

TEST(CsvTable, HasNoControlCharacter)
{
    EXPECT_EQ(cell("a\r\n\"=1\t=1"), "a\\x0d\\x0a\"\"=1\\x09=1");
    EXPECT_EQ(cell("\t=1"), "\\x09=1");
}

} // namespace
} // namespace coffer::cli
