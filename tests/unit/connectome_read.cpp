#include <kation/connectome/builtin.hpp>
#include <kation/connectome/read.hpp>
#include <kation/connectome/text_table.hpp>
#include <kation/support/error.hpp>

#include "support/close.hpp"
#include "support/files.hpp"
#include "support/refused.hpp"
#include "support/same_matrix.hpp"
#include "support/skip.hpp"

#include <sstream>

using namespace kation;
using namespace std::string_literals;

namespace {

// Not symmetric, so that a swap of rows and columns shows.
const arma::mat asymmetric{{0, 0.5, 0}, {0, 0, 2}, {3, 0, 1e-3}};
const std::string asymmetric_text = "0 0.5 0\n0 0 2\n3 0 1e-3\n";
const std::string lengths_text = "0 10 20\n30 0 40\n50 60 0\n";
const arma::mat lengths{{0, 10, 20}, {30, 0, 40}, {50, 60, 0}};
const std::string centres_text = "a 1 2 3\nb 4 5 6\nc -7 8 9\n";

TextTable table(const std::string& text) {
    std::istringstream stream(text);
    return read_text_table(stream, "table");
}

RegionList regions(const std::string& text) {
    std::istringstream stream(text);
    return read_region_list(stream, "regions");
}

}  // namespace

TEST_CASE("a table of numbers reads the same however it is written") {
    for (const char* text : {
             "0 0.5 0\n0 0 2\n3 0 1e-3\n",
             "  0   0.5\t0\n0\t0 2\n 3 0 1e-3",
             "0,0.5,0\r\n0,0,2\r\n3,0,1e-3\r\n",
             "\xEF\xBB\xBF"
             "0;0.5;0;\n0;0;2;\n3;0;1e-3;\n",
             "0, 0.5, 0, \n0, 0, 2, \n3, 0, 1e-3, \n",
             "# a comment\n\n0\t0.5\t0\n# another\n0\t0\t2\n3\t0\t1e-3\n",
             "0,\"0.5\",0\n0,0,\"2\"\n3,0,+1e-3\n",
         }) {
        CAPTURE(text);
        CHECK(same_matrix(table(text).numbers, asymmetric));
        CHECK(table(text).labels.empty());
    }
}

TEST_CASE("names of rows, of columns or of both are labels") {
    for (const char* text : {
             "a,b b,c\n0,0.5,0\n0,0,2\n3,0,1e-3\n",                                  // columns
             "a,0,0.5,0\n\"b b\",0,0,2\nc,3,0,1e-3\n",                               // rows
             ",a,b b,c\na,0,0.5,0\nb b,0,0,2\nc,3,0,1e-3\n",                         // both, as pandas writes
             "to/from\ta\tb b\tc\na\t0\t0.5\t0\nb b\t0\t0\t2\nc\t3\t0\t1e-3",        // both, with tabs
             "\"a\" \"b b\" \"c\"\n\"a\" 0 0.5 0\n\"b b\" 0 0 2\n\"c\" 3 0 1e-3\n",  // both without a corner, as R writes
         }) {
        CAPTURE(text);
        CHECK(same_matrix(table(text).numbers, asymmetric));
        CHECK(table(text).labels == std::vector<std::string>{"a", "b b", "c"});
    }
    CHECK(table("\"1\",\"2\"\n5,6\n7,8\n").labels == std::vector<std::string>{"1", "2"});  // R quotes names, not numbers
    CHECK(table(",1,2\n1,5,6\n2,7,8\n").labels == std::vector<std::string>{"1", "2"});
    CHECK(table("\"a \"\"x\"\", y\",b\n1,2\n3,4\n").labels == std::vector<std::string>{"a \"x\", y", "b"});
}

TEST_CASE("what is no table is refused with line, column and value") {
    CHECK_REFUSED(InputError, "table: is empty", table(""));
    CHECK_REFUSED(InputError, "table: is empty", table("# only a comment\n \n"));
    CHECK_REFUSED(InputError, "table: holds names but no numbers", table("a,b\n"));
    CHECK_REFUSED(InputError, "table:2: column 2 holds 'x4', which is not a number", table("1 2\n3 x4\n"));
    CHECK_REFUSED(InputError, "table:1: column 1 holds 'x', which is not a number", table("x,2\n3,4\n"));
    CHECK_REFUSED(InputError, "table:3: column 2 holds 'nan', which is not a finite number", table("1,2\n\n3,nan\n"));
    CHECK_REFUSED(InputError, "table:2: column 1 holds '-inf', which is not a finite number", table("1,2\n-inf,4\n"));
    CHECK_REFUSED(InputError, "table:2: column 2 holds '', which is not a number", table("1,2\n3,,\n"));
    CHECK_REFUSED(InputError, "table:1: column 1 holds '0,5', which is not a number", table("0,5;1\n2;3\n"));
    CHECK_REFUSED(InputError, "table:2: has 2 numbers where 3 are expected, as in the first row", table("1 2 3\n4 5\n"));
    CHECK_REFUSED(InputError, "has 2 names where 3 are expected", table("a,b\n1,2,3\n4,5,6\n"));
    CHECK_REFUSED(InputError, "column 'a' meets row 'b'", table(",a,b\nb,1,2\na,3,4\n"));
}

TEST_CASE("a table larger than any connectome is refused before it fills the memory") {
    std::string wide;
    for (std::size_t i = 0; i <= most_regions; ++i) wide += "0 ";
    CHECK_REFUSED(InputError, "table: has 20001 columns; at most 20000 regions are allowed", table(wide));
    std::string tall;
    for (std::size_t i = 0; i <= most_regions; ++i) tall += "0\n";
    CHECK_REFUSED(InputError, "more than the 20000 rows", table(tall));
    CHECK_REFUSED(InputError, "table:1: is longer than", table(std::string(2'000'000, '0')));
}

TEST_CASE("a list of regions has labels, and centres in all lines or none") {
    CHECK(regions("a\nb b\n# no region\nc\n").labels == std::vector<std::string>{"a", "b b", "c"});
    CHECK(regions("a\nb\n").centres.empty());
    const RegionList listed = regions("label,x,y,z,side\n\"a, left\",1,2,3,l\nb,-4,5,6,r\n");
    CHECK(listed.labels == std::vector<std::string>{"a, left", "b"});
    CHECK(same_matrix(listed.centres, {{1, 2, 3}, {-4, 5, 6}}));
    CHECK(regions(" a 1 2 3 None\nb 4 5 6 None\n").centres.n_rows == 2);
    CHECK_REFUSED(InputError, "regions:3: has no centre x y z, as other lines have", regions("a 1 2 3\nb 4 5 6\nc\n"));
    CHECK_REFUSED(InputError, "regions:2: column 3 holds 'y', which is not a number", regions("a 1 2 3\nb 4 y 6\n"));
}

TEST_CASE("a zip of The Virtual Brain is read from any folder in it, and what macOS and others add is ignored") {
    const TemporaryFolder folder;
    const auto zip = write_zip(folder / "brain.zip", {{"__MACOSX/set/._weights.txt", "junk"},
                                                      {"set/", ""},
                                                      {"set/weights.png", "junk"},
                                                      {"set/.weights.txt", "junk"},
                                                      {"set/info.txt", "junk"},
                                                      {"set/my_weights.txt", asymmetric_text},
                                                      {"set/weights.txt", "1 1 1\n1 1 1\n1 1 1"},  // the first one counts
                                                      {"set/tract_lengths.txt", lengths_text},
                                                      {"set/centers.txt", centres_text},
                                                      {"set/hemispheres.txt", "1\n1\n0\n"},
                                                      {"set/cortical.txt", "1 \n0 \n1 \n"},
                                                      {"set/areas.txt", "10\n20\n30\n"},
                                                      {"set/average_orientations.txt", "1 0 0\n0 1 0\n0 0 1\n"}});
    const Connectivity connectome = read_connectome(zip);
    CHECK(same_matrix(connectome.weights(), asymmetric));
    CHECK(connectome.weight(1, 2) == 2);
    CHECK(same_matrix(connectome.tract_lengths(), lengths));
    CHECK(connectome.labels() == std::vector<std::string>{"a", "b", "c"});
    CHECK(connectome.parts().centres(2, 0) == -7);
    CHECK(connectome.parts().hemispheres == std::vector<std::uint8_t>{1, 1, 0});
    CHECK(connectome.parts().cortical == std::vector<std::uint8_t>{1, 0, 1});
    CHECK(connectome.parts().areas[2] == 30);
    CHECK(connectome.parts().orientations(1, 1) == 1);
    CHECK(connectome.source() == zip.string());
    CHECK(connectome.warnings().empty());
}

TEST_CASE("members packed with bzip2 are read, and a truncated one is refused") {
    // bzip2 of "0 1\n2 0\n"
    const std::string packed =
        "\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\x3f\x25\x6d\x61"
        "\0\0\x02\xd8\0\0\x10\x40\0\x70\0\x20\0\x21\x83\x41\x9a\x0b\x8a\x12\x71\x77\x24\x53\x85\x09\x03\xf2\x56\xd6\x10"s;
    const TemporaryFolder folder;
    const Connectivity connectome = read_connectome(write_zip(folder / "brain.zip", {{"weights.txt.bz2", packed}}));
    CHECK(same_matrix(connectome.weights(), {{0, 1}, {2, 0}}));
    const auto damaged = write_zip(folder / "damaged.zip", {{"weights.txt.bz2", packed.substr(0, 30)}});
    CHECK_REFUSED(InputError, "weights.txt.bz2: is truncated or damaged", read_connectome(damaged));
}

TEST_CASE("a folder reads like a zip, and the plain names count before longer ones") {
    const TemporaryFolder folder;
    write_file(folder / "set/old_weights.txt", "1 1\n1 1\n");
    write_file(folder / "set/weights.txt", asymmetric_text);
    write_file(folder / "set/tract_lengths.txt", lengths_text);
    const Connectivity connectome = read_connectome(folder / "set");
    CHECK(same_matrix(connectome.weights(), asymmetric));
    CHECK(connectome.label(2) == "region_2");
    CHECK(same_matrix(read_connectome(folder.path()).weights(), asymmetric));  // one folder further out
}

TEST_CASE("zips and folders that hold no connectome are refused by name") {
    const TemporaryFolder folder;
    const auto good = write_zip(folder / "good.zip", {{"weights.txt", asymmetric_text}, {"tract_lengths.txt", lengths_text}});
    CHECK_REFUSED(InputError, "none.zip: there is no such file", read_connectome(folder / "none.zip"));
    CHECK_REFUSED(InputError, "cut.zip: is no zip file, or a truncated one", read_connectome(write_truncated(good, folder / "cut.zip")));
    CHECK_REFUSED(InputError, "empty.zip", read_connectome(write_file(folder / "empty.zip", "")));
    CHECK_REFUSED(InputError, "holds no weights, a file whose name contains 'weights' and ends in .txt or .txt.bz2 (found: readme.txt)",
                  read_connectome(write_zip(folder / "other.zip", {{"readme.txt", "hello"}})));
    CHECK_REFUSED(InputError, "text.zip/a/weights.txt:2: column 2 holds 'zero'",
                  read_connectome(write_zip(folder / "text.zip", {{"a/weights.txt", "0 1\n1 zero\n"}})));
    CHECK_REFUSED(InputError, "size.zip: tract lengths are 2 x 2, and 3 regions need 3 x 3",
                  read_connectome(write_zip(folder / "size.zip", {{"weights.txt", asymmetric_text}, {"tract_lengths.txt", "1 2\n3 4\n"}})));
    CHECK_REFUSED(
        InputError, "labels.zip: 2 labels for 3 regions",
        read_connectome(write_zip(folder / "labels.zip", {{"weights.txt", asymmetric_text}, {"centres.txt", "a 1 2 3\nb 4 5 6\n"}})));
    CHECK_REFUSED(InputError, "hemispheres.txt: holds 2 for region 3; allowed are 0 and 1",
                  read_connectome(write_zip(folder / "sides.zip", {{"weights.txt", asymmetric_text}, {"hemispheres.txt", "0\n1\n2\n"}})));
    std::filesystem::create_directory(folder / "nothing");
    CHECK_REFUSED(InputError, "found: no text files", read_connectome(folder / "nothing"));
}

TEST_CASE("a damaged member of a whole zip is refused") {
    const TemporaryFolder folder;
    std::string numbers;
    for (int i = 0; i < 50; ++i) numbers += std::to_string(i * i) + " ";
    const std::string whole = read_file(write_zip(folder / "whole.zip", {{"weights.txt", numbers}}));
    // In the packed data, which begin after 30 bytes of header and the name; and the method of packing, 10 bytes into the directory.
    for (const std::size_t position : {std::size_t{60}, whole.find("PK\1\2") + 10}) {
        CAPTURE(position);
        std::string bytes = whole;
        bytes[position] = static_cast<char>(~bytes[position]);
        CHECK_REFUSED(InputError, "damaged.zip/weights.txt", read_connectome(write_file(folder / "damaged.zip", bytes)));
    }
}

TEST_CASE("weights in a table take lengths and labels from files beside it") {
    const TemporaryFolder folder;
    const auto weights = write_file(folder / "w.csv", "0,0.5,0\n0,0,2\n3,0,1e-3\n");
    const auto tracts = write_file(folder / "l.tsv", "0\t10\t20\n30\t0\t40\n50\t60\t0\n");
    const auto names = write_file(folder / "r.txt", centres_text);
    CHECK(same_matrix(read_connectome(weights).weights(), asymmetric));
    CHECK_FALSE(read_connectome(weights).has_lengths());
    const Connectivity connectome = read_connectome(weights, {.tract_lengths = tracts, .labels = names});
    CHECK(same_matrix(connectome.tract_lengths(), lengths));
    CHECK(connectome.label(2) == "c");
    CHECK(connectome.parts().centres(0, 2) == 3);
}

TEST_CASE("tables that are no connectome are refused") {
    const TemporaryFolder folder;
    const auto weights = write_file(folder / "w.csv", ",a,b\na,0,1\nb,2,0\n");
    const auto wide = write_file(folder / "wide.csv", "0,1,2\n3,4,5\n");
    const auto other = write_file(folder / "other.csv", ",a,x\na,0,1\nx,2,0\n");
    CHECK_REFUSED(InputError, "wide.csv: weights have 2 rows and 3 columns", read_connectome(wide));
    CHECK_REFUSED(InputError, "tract lengths are 2 x 3", read_connectome(weights, {.tract_lengths = wide, .labels = {}}));
    CHECK_REFUSED(InputError, "its labels are not those of", read_connectome(weights, {.tract_lengths = other, .labels = {}}));
    CHECK_REFUSED(InputError, "there is no such file", read_connectome(weights, {.tract_lengths = folder / "none.csv", .labels = {}}));
    CHECK_REFUSED(InputError, "is of no known kind", read_connectome(write_file(folder / "w.mat", "1")));
    CHECK_REFUSED(ConfigurationError, "go with weights in a .csv, .tsv or .txt file",
                  read_connectome(write_zip(folder / "b.zip", {{"weights.txt", "1"}}), {.tract_lengths = wide, .labels = {}}));
}

TEST_CASE("the published sets of The Virtual Brain are read") {
    const auto data = reference_data();
    if (!data) return;
    struct Set {
        const char* name;
        std::size_t regions;
        const char* first_label;
    };
    for (const Set& set : {Set{"connectivity_66.zip", 66, "rBSTS"}, Set{"connectivity_68.zip", 68, "r_lateralorbitofrontal"},
                           Set{"connectivity_76.zip", 76, "rA1"}, Set{"connectivity_192.zip", 192, "lAD"},
                           Set{"connectivity_998.zip", 998, "rLOF#1"}, Set{"paupau.zip", 4, "lA1"}}) {
        CAPTURE(set.name);
        const Connectivity connectome = read_connectome(*data / "connectomes" / set.name);
        CHECK(connectome.regions() == set.regions);
        CHECK(connectome.label(0) == set.first_label);
        CHECK(connectome.has_lengths());
        CHECK(connectome.has_centres());
    }
    const Connectivity brain = read_connectome(*data / "connectomes" / "connectivity_76.zip");
    CHECK(brain.weight(1, 0) == 3);  // the first two rows begin 2 2 and 3 2
    CHECK(brain.weight(0, 1) == 2);
    CHECK(brain.weights().max() == 3);
    CHECK(brain.parts().cortical.size() == 76);
}
