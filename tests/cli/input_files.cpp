#include <kation/io/result.hpp>
#include <kation/support/hdf5.hpp>
#include <support/program.hpp>
#include <support/same_matrix.hpp>

using namespace kation;

namespace {

const std::string two_regions = R"([connectome]
file = "weights.csv"
[model]
name = "montbrio_pazo_roxin"
[integrator]
method = "heun"
dt = 0.1
duration = 5
[[monitor]]
kind = "raw"
[output]
file = "result.h5"
picture = false
)";

const std::string ring = R"([connectome]
builtin = "ring_3"
speed = 4.0
[model]
name = "montbrio_pazo_roxin"
[coupling]
G = 0.5
[integrator]
method = "heun"
dt = 0.1
duration = 20
[[monitor]]
kind = "raw"
[output]
file = "result.h5"
picture = false
)";

/// A recorded variable, axes (region, sample).
arma::mat series(const Workplace& place, const std::string& file, const std::string& variable) {
    const ResultFile result(place / file);
    return result.samples("raw", variable, 0, result.time("raw").n_elem);
}

void write_past(const std::filesystem::path& file, const arma::vec& time, const std::vector<std::pair<std::string, arma::mat>>& variables) {
    H5::H5File data(file.string(), H5F_ACC_TRUNC);
    write_vector(data, "time", std::span<const double>(time.memptr(), time.n_elem), "ms", "time");
    const H5::Group state = data.createGroup("state");
    for (const auto& [name, values] : variables) write_matrix(state, name, values, "1", "time, region");
}

void check_each_refused(const Workplace& place, const std::vector<Refusal>& refusals) { check_all_refused(place, 3, refusals); }

}  // namespace

TEST_CASE("a connectome that is wrong is refused with file, place and value") {
    const Workplace place(two_regions);
    place.write("weights.csv", "0,1\n1,0\n");
    place.write("not_square.csv", "0,1,2\n1,0,2\n");
    place.write("ragged.csv", "0,1\n1\n");
    place.write("not_numbers.csv", "0,1\n1,strong\n");
    place.write("nan.csv", "0,1\nnan,0\n");
    place.write("infinite.csv", "0,inf\n1,0\n");
    place.write("empty.csv", "");
    place.write("lengths_3.csv", "0,1,2\n1,0,2\n2,2,0\n");
    place.write("negative_lengths.csv", "0,-10\n10,0\n");
    place.write("three_labels.txt", "A\nB\nC\n");
    place.write("text.h5", "no HDF5");
    place.write("text.zip", "no zip");
    place.write("weights.xyz", "0 1\n1 0\n");
    REQUIRE(place.kation({"connectome", "convert", "synthetic_76", "whole.zip"}).code == 0);
    REQUIRE(place.kation({"connectome", "convert", "synthetic_76", "whole.h5"}).code == 0);
    write_truncated(place / "whole.zip", place / "truncated.zip");
    write_truncated(place / "whole.h5", place / "truncated.h5");
    const auto file = [](const std::string& name, const std::string& says) { return Refusal{{"connectome.file=" + name}, says}; };
    check_each_refused(place, {file("none.csv", "none.csv: there is no such file or folder"),
                               file("not_square.csv", "not_square.csv: weights have 2 rows and 3 columns"),
                               file("ragged.csv", "ragged.csv:2"),
                               file("not_numbers.csv", "not_numbers.csv:2: column 2 holds 'strong', which is not a number"),
                               file("nan.csv", "nan.csv:2: column 1 holds 'nan', which is not a finite number"),
                               file("infinite.csv", "infinite.csv:1: column 2 holds 'inf', which is not a finite number"),
                               file("empty.csv", "empty.csv: is empty"),
                               file("text.h5", "text.h5: is no HDF5 file"),
                               file("text.zip", "text.zip: is no zip file"),
                               file("truncated.zip", "truncated.zip: is no zip file, or a truncated one"),
                               file("truncated.h5", "truncated.h5: is no HDF5 file, or a truncated or damaged one"),
                               {{"connectome.tract_lengths=lengths_3.csv"}, "tract lengths are 3 x 3, and 2 regions need 2 x 2"},
                               {{"connectome.tract_lengths=negative_lengths.csv"}, "tract length in row 1, column 2 is -10"},
                               {{"connectome.tract_lengths=none.csv"}, "none.csv: there is no such file"},
                               {{"connectome.labels=three_labels.txt"}, "3 labels for 2 regions"}});
    CHECK(place.run({"connectome.file=weights.xyz"}).code != 0);
}

TEST_CASE("a table of weights with lengths and labels is run, labels that repeat are numbered") {
    const Workplace place(two_regions);
    place.write("weights.csv", "0,1\n0.5,0\n");
    place.write("lengths.csv", "0,10\n20,0\n");
    place.write("labels.txt", "left.hippocampus\nright.hippocampus\n");
    place.write("same.txt", "X\nX\n");
    const Outcome named = place.run({"connectome.tract_lengths=lengths.csv", "connectome.labels=labels.txt",
                                     "regions.\"right.hippocampus\".eta=-4", "stimulus=[{labels=[\"left.hippocampus\"]}]"});
    CHECK(named.code == 0);
    CHECK(named.err.empty());
    const ResultFile result(place / "result.h5");
    CHECK(result.labels() == std::vector<std::string>{"left.hippocampus", "right.hippocampus"});
    CHECK(result.in_zone() == std::vector<bool>{false, true});
    CHECK(result.connectivity().length(1, 0) == 20.0);
    const Outcome numbered = place.run({"connectome.labels=same.txt", "regions.\"X#2\".eta=-4"}, {"-o", "numbered.h5"});
    CHECK(numbered.code == 0);
    CHECK(ResultFile(place / "numbered.h5").in_zone() == std::vector<bool>{false, true});
    CHECK(holds_text(numbered.err, "kation: warning: "));
}

TEST_CASE("an initial file sets the states it names, and a region's own entry wins over it") {
    const Workplace place(ring);
    place.write("start.csv", "# settled\nlabel,v,r\nC,-1.5,0.25\n\"A\", -0.5, 0.125\n");
    REQUIRE(place.run({"model.initial_file=start.csv", "model.initial.v=-3", "regions.C.initial.r=0.5"}).code == 0);
    const arma::mat r = series(place, "result.h5", "r"), v = series(place, "result.h5", "v");
    CHECK(r(0, 0) == 0.125);
    CHECK(v(0, 0) == -0.5);
    CHECK(v(1, 0) == -3.0);  // B is not in the file
    CHECK(r(2, 0) == 0.5);
    CHECK(v(2, 0) == -1.5);
}

TEST_CASE("an initial file that is wrong is refused with file and line") {
    const Workplace place(ring);
    place.write("no_label.csv", "r,v\n1,2\n");
    place.write("empty.csv", "# nothing\n");
    place.write("cells.csv", "label,r,v\nA,1\n");
    place.write("word.csv", "label,r\nA,much\n");
    place.write("region.csv", "label,r\nA,1\nQ,1\n");
    place.write("variable.csv", "label,K_ext\nA,1\n");
    place.write("range.csv", "label,r\nA,-1\n");
    const auto file = [](const std::string& name, const std::string& says) { return Refusal{{"model.initial_file=" + name}, says}; };
    check_each_refused(place, {file("none.csv", "none.csv"), file("no_label.csv", "no_label.csv:1: the first column must be named label"),
                               file("empty.csv", "empty.csv is empty"), file("cells.csv", "cells.csv:2: 2 cells, but there are 3 columns"),
                               file("word.csv", "word.csv:2: 'much' in column r is not a number"),
                               file("region.csv", "region.csv:3: ring_3 has no region 'Q'"),
                               file("variable.csv", "variable.csv:2: montbrio_pazo_roxin: no state variable 'K_ext'"),
                               file("range.csv", "range.csv:2: montbrio_pazo_roxin: r = -1")});
}

TEST_CASE("a run that takes another one's record as its past goes on with the same bits") {
    const Workplace place(ring);
    REQUIRE(place.run({"integrator.duration=40"}, {"-o", "whole.h5"}).code == 0);
    REQUIRE(place.run({}, {"-o", "first.h5"}).code == 0);
    const arma::vec time = ResultFile(place / "first.h5").time("raw") - 20.0;
    write_past(place / "past.h5", time,
               {{"r", arma::mat(series(place, "first.h5", "r").t())}, {"v", arma::mat(series(place, "first.h5", "v").t())}});
    REQUIRE(place.run({"model.past_file=past.h5"}, {"-o", "second.h5"}).code == 0);
    for (const char* variable : {"r", "v"}) {
        const arma::mat whole = series(place, "whole.h5", variable), second = series(place, "second.h5", variable);
        CHECK(same_matrix(second, whole.tail_cols(second.n_cols)));
    }
    CHECK(place.run({}, {"-o", "other.h5"}).code == 0);  // without it the numbers are others
    CHECK_FALSE(same_matrix(series(place, "other.h5", "r"), series(place, "second.h5", "r")));
}

TEST_CASE("a past is read for the model that each region has, in the run and in its control") {
    const Workplace place(ring);
    const arma::vec time = arma::regspace(-100, 0);
    write_past(place / "past.h5", time,
               {{"r", arma::mat(101, 3, arma::fill::value(0.25))}, {"re", arma::mat(101, 3, arma::fill::value(0.5))}});
    const Outcome outcome = place.run({"model.past_file=past.h5", "regions.B.model=montbrio_pazo_roxin_ei"});
    CHECK(outcome.err.empty());
    REQUIRE(outcome.code == 0);
    CHECK(series(place, "result.h5", "re")(1, 0) == 0.5);
    CHECK(series(place, "result.h5", "r")(0, 0) == 0.25);
    CHECK(ResultFile(place / "result.h5").control().has_value());
}

TEST_CASE("a past that is wrong is refused") {
    const Workplace place(ring);
    const arma::mat fine(2, 3, arma::fill::value(0.5));
    write_past(place / "late.h5", {-1, 1}, {{"r", fine}});
    write_past(place / "descending.h5", {0, -1}, {{"r", fine}});
    write_past(place / "regions.h5", {-1, 0}, {{"r", arma::mat(2, 4, arma::fill::ones)}});
    write_past(place / "variable.h5", {-1, 0}, {{"V", fine}});
    write_past(place / "nan.h5", {-1, 0}, {{"r", arma::mat(2, 3, arma::fill::value(arma::datum::nan))}});
    write_past(place / "range.h5", {-1, 0}, {{"r", arma::mat(-fine)}});
    H5::H5File((place / "bare.h5").string(), H5F_ACC_TRUNC).close();
    write_truncated(place / "range.h5", place / "truncated.h5");
    const auto file = [](const std::string& name, const std::string& says) { return Refusal{{"model.past_file=" + name}, says}; };
    check_each_refused(place,
                       {file("none.h5", "cannot read none.h5"), file("late.h5", "late.h5: /time must be ascending and end at or before 0"),
                        file("descending.h5", "descending.h5: /time must be ascending"),
                        file("regions.h5", "regions.h5: /state/r is 2 x 4, but there are 2 times and 3 regions"),
                        file("variable.h5", "no model of this network has a state variable 'V'"),
                        file("nan.h5", "nan.h5: /state/r holds a value that is no finite number"),
                        file("range.h5", "range.h5: montbrio_pazo_roxin: r = -0.5"),
                        file("bare.h5", "bare.h5 is no file with /time and /state/<variable>"),
                        file("truncated.h5", "truncated.h5 is no file with /time and /state/<variable>")});
}

TEST_CASE("a stimulus from a file is the series that it holds") {
    const Workplace place(ring);
    place.write("constant.csv", "# time, value\n-1, 2\n100, 2\n");
    REQUIRE(place.run({"stimulus=[{labels=[\"A\"], waveform=\"file\", file=\"constant.csv\", amplitude=1.5}]"}, {"-o", "file.h5"}).code ==
            0);
    REQUIRE(place.run({"stimulus=[{labels=[\"A\"], amplitude=3.0}]"}, {"-o", "pulse.h5"}).code == 0);
    CHECK(same_matrix(series(place, "file.h5", "v"), series(place, "pulse.h5", "v")));
    place.write("three.csv", "0 1 2\n1 1 2\n");
    place.write("words.csv", "0 one\n");
    place.write("back.csv", "1 1\n0 1\n");
    const auto file = [](const std::string& name, const std::string& says) {
        return Refusal{{"stimulus=[{labels=[\"A\"], waveform=\"file\", file=\"" + name + "\"}]"}, says};
    };
    check_each_refused(place, {file("none.csv", "cannot read none.csv"), file("three.csv", "three.csv has 3 columns; two are needed"),
                               file("words.csv", "words.csv:1"), file("back.csv", "back.csv: times are not ascending")});
}

TEST_CASE("a plug-in that is none is refused") {
    const Workplace place;
    place.write("text.so", "no library");
    const auto before = place.contents();
    check_refused(place.run({}, {"--plugin", "none.so"}), 3, "cannot load plug-in none.so: there is no such file");
    check_refused(place.run({}, {"--plugin", "text.so"}), 3, "cannot load plug-in text.so: it is no shared library that fits this program");
    check_refused(place.run({}, {"--plugin", std::string(KATION_LIBRARY)}), 3, "is a shared library but no plug-in of Kation");
    CHECK(place.contents() == before);
}
