#include <kation/connectome/read.hpp>
#include <kation/model/catalogue.hpp>
#include <support/program.hpp>
#include <support/same_matrix.hpp>

#include <nlohmann/json.hpp>

using namespace kation;

namespace {

bool is_png(const std::filesystem::path& file) { return read_file(file).starts_with("\x89PNG"); }

}  // namespace

TEST_CASE("kation models lists all models, and prints of each what its table says") {
    const Workplace place;
    const Catalogue catalogue;
    const Outcome list = place.kation({"models"}), json = place.kation({"models", "--json"}),
                  pages = place.kation({"models", "--markdown"});
    CHECK(list.code == 0);
    CHECK(json.code == 0);
    CHECK(pages.code == 0);
    const auto models = nlohmann::json::parse(json.out);
    REQUIRE(models.size() == catalogue.entries().size());
    for (std::size_t k = 0; k < models.size(); ++k) {
        const Entry& entry = *catalogue.entries()[k];
        const std::string name(entry.info.name);
        CAPTURE(name);
        CHECK(holds_text(list.out, name));
        CHECK(holds_text(pages.out, "# " + name + ": "));
        CHECK(models[k].at("name") == name);
        CHECK(models[k].at("parameters").size() == entry.parameters.size());
        CHECK(models[k].at("presets").size() == entry.presets.size());
        CHECK(models[k].at("event").at("threshold") == entry.event.threshold);
        const auto one = place.kation({"models", name, "--json"});
        CHECK(nlohmann::json::parse(one.out) == models[k]);
        const auto page = place.kation({"models", name}), markdown = place.kation({"models", name, "--markdown"});
        CHECK(page.out == markdown.out);
        for (const Field& field : entry.parameters) CHECK(holds_text(page.out, "| `" + std::string(field.name.view()) + "` |"));
        for (const PresetValues& preset : entry.presets) CHECK(holds_text(page.out, "| `" + std::string(preset.name) + "` |"));
    }
    check_refused(place.kation({"models", "ion_exchang"}), 2, "no model 'ion_exchang' (did you mean 'ion_exchange'?)");
}

TEST_CASE("kation connectome info and audit describe a connectome, for readers and for programs") {
    const Workplace place;
    const Outcome info = place.kation({"connectome", "info", "ring_3", "--from", "A"});
    CHECK(info.code == 0);
    CHECK(holds_text(info.out, "regions         3"));
    CHECK(holds_text(info.out, "from A"));
    const auto numbers = nlohmann::json::parse(place.kation({"connectome", "info", "ring_3", "--from", "A", "--json"}).out);
    CHECK(numbers.at("regions") == 3);
    CHECK(numbers.at("symmetric") == false);
    CHECK(numbers.at("labels") == std::vector<std::string>{"A", "B", "C"});
    CHECK(numbers.at("from").at("distances").at(0).at("hops") == 0);
    const Outcome audit = place.kation({"connectome", "audit", "synthetic_76", "--speed", "4", "--dt", "0.1"});
    CHECK(audit.code == 0);
    CHECK(holds_text(audit.out, "connections"));
    const auto found = nlohmann::json::parse(place.kation({"connectome", "audit", "synthetic_76", "--speed", "inf", "--json"}).out);
    CHECK(found.at("speed_mm_per_ms") == "inf");
    CHECK(found.at("zero_delay_connections") == found.at("connections"));
    for (const char* key :
         {"findings", "memory_bytes", "run_time_s_per_simulated_s", "isolated", "implausible_lengths", "largest_rounding_error_ms"})
        CHECK(found.contains(key));
    place.write("nan.csv", "0,nan\n1,0\n");
    check_refused(place.kation({"connectome", "info", "ring3"}), 3, "(did you mean 'ring_3'?)");
    check_refused(place.kation({"connectome", "info", "ring_3", "--from", "Q"}), 2, "ring_3 has no region 'Q'");
    check_refused(place.kation({"connectome", "audit", "nan.csv"}), 3, "nan.csv:1: column 2 holds 'nan'");
    check_refused(place.kation({"connectome", "audit", "ring_3", "--speed", "-4"}), 2, "-4");
    check_refused(place.kation({"connectome", "audit", "ring_3", "--dt", "0"}), 2, "0");
}

TEST_CASE("kation connectome convert keeps every number in every format") {
    const Workplace place;
    REQUIRE(place.kation({"connectome", "generate", "--regions", "20", "--seed", "5", "-o", "made.h5"}).code == 0);
    const Connectivity made = read_connectome(place / "made.h5");
    CHECK(made.regions() == 20);
    for (const std::string name : {"copy.zip", "copy.h5", "folder"}) {
        CAPTURE(name);
        REQUIRE(place.kation({"connectome", "convert", "made.h5", name}).code == 0);
        const Connectivity copy = read_connectome(place / name);
        CHECK(same_matrix(copy.weights(), made.weights()));
        CHECK(same_matrix(copy.tract_lengths(), made.tract_lengths()));
        CHECK(copy.labels() == made.labels());
    }
    REQUIRE(place.kation({"connectome", "convert", "made.h5", "copy.csv"}).code == 0);
    CHECK(same_matrix(read_connectome(place / "copy.csv").weights(), made.weights()));
    REQUIRE(place.kation({"connectome", "generate", "--regions", "20", "--seed", "5", "-o", "again.h5"}).code == 0);
    CHECK(same_matrix(read_connectome(place / "again.h5").weights(), made.weights()));
    REQUIRE(place.kation({"connectome", "generate", "--regions", "20", "--seed", "6", "-o", "again.h5"}).code == 0);
    CHECK_FALSE(same_matrix(read_connectome(place / "again.h5").weights(), made.weights()));
    place.write("file", "something");
    const auto before = place.contents();
    check_refused(place.kation({"connectome", "convert", "none.zip", "copy.zip"}), 3, "none.zip");
    check_refused(place.kation({"connectome", "convert", "ring_3", "copy.doc"}), 2, "connectomes are not written as .doc");
    check_refused(place.kation({"connectome", "convert", "ring_3", "file/copy.zip"}), 5, "file/copy.zip: cannot be written");
    check_refused(place.kation({"connectome", "generate", "--regions", "7", "-o", "odd.zip"}), 2, "7");
    check_refused(place.kation({"connectome", "generate", "--regions", "20", "--density", "2", "-o", "odd.zip"}), 2, "2");
    CHECK(place.contents() == before);
}

TEST_CASE("kation plot draws results and connectomes as PNG and SVG") {
    const Workplace place;
    REQUIRE(place.run({}, {"--quiet"}).code == 0);
    const Outcome drawn = place.kation({"plot", "result.h5"});
    CHECK(drawn.code == 0);
    CHECK(drawn.out == "wrote result.png\n");
    CHECK(is_png(place / "result.png"));
    for (const char* kind : {"traces", "raster", "connectome", "summary"}) {
        CAPTURE(std::string(kind));
        CHECK(place.kation({"plot", "result.h5", "--kind", kind, "-o", std::string(kind) + ".svg"}).code == 0);
        CHECK(holds_text(read_file(place / (std::string(kind) + ".svg")), "<svg"));
    }
    CHECK(place.kation({"plot", "ring_3", "-o", "ring.png"}).code == 0);
    CHECK(is_png(place / "ring.png"));
    place.write("text.h5", "no result");
    write_truncated(place / "result.h5", place / "truncated.h5");
    const auto before = place.contents();
    check_refused(place.kation({"plot", "none.h5"}), 3, "none.h5: there is no such result");
    check_refused(place.kation({"plot", "text.h5", "--kind", "traces"}), 3, "text.h5: is no HDF5 file");
    check_refused(place.kation({"plot", "truncated.h5", "--kind", "traces"}), 3, "truncated.h5");
    check_refused(place.kation({"plot", "result.h5", "--kind", "rastr"}), 2, "there is no 'rastr' (did you mean 'raster'?)");
    check_refused(place.kation({"plot", "result.h5", "--variable", "W"}), 2, "W");
    check_refused(place.kation({"plot", "result.h5", "-o", "text.h5/x.png"}), 5, "cannot be written");
    check_refused(place.kation({"plot", "result.h5", "-o", "picture.doc"}), 2, "picture.doc");
    CHECK(place.contents() == before);
}

TEST_CASE("a run draws its picture beside the result unless told not to") {
    const Workplace place;
    CHECK(place.run({"output.picture=true"}, {"--quiet"}).code == 0);
    CHECK(is_png(place / "result.png"));
}

TEST_CASE("kation bench runs the benchmarks that were built with it, and says how to build them where they were not") {
    const Workplace place;
    const std::filesystem::path built = std::filesystem::path(KATION_PROGRAM).parent_path() / "tests" / "bench" / "kation_bench";
    const std::vector<std::string> list{"bench", "--filter", "^start/N:6$", "--", "--benchmark_list_tests"};
    if (std::filesystem::exists(built)) {
        const Outcome listed = place.kation(list);
        CHECK(listed.code == 0);
        CHECK(holds_text(listed.out, "start/N:6\n"));
        CHECK(holds_text(listed.out, "instruction set"));
    } else {
        check_refused(place.kation(list), 2, "--target kation_bench");
    }
    check_refused(place.kation({"bench", "--filer", "x"}), 2, "(did you mean '--filter'?)");
}
