#include <kation/io/report.hpp>

#include "support/program.hpp"
#include "support/skip.hpp"
#include "support/small_result.hpp"

#include <cstdlib>
#include <sstream>

using namespace kation;

namespace {

/// True where the program was built with its page; else the case counts as skipped.
bool page_is_there() {
    const std::filesystem::path folder = std::filesystem::path(KATION_PROGRAM).parent_path();
    if (std::filesystem::exists(folder / "share/kation/report.html")) return true;
    note_skipped("needs the page of reports: cmake/packages report, then configure and build again");
    return false;
}

}  // namespace

TEST_CASE("kation report writes one file that names nothing on any network") {
    if (!page_is_there()) return;
    const Workplace place;
    write_small_result(place / "x.h5");
    const Outcome outcome = place.kation({"report", "x.h5"});
    CAPTURE(outcome.err);
    REQUIRE(outcome.code == 0);
    CHECK(outcome.out == "wrote x.html\n");
    const std::string page = read_file(place / "x.html");
    CHECK(page.starts_with("<!doctype html>"));
    for (const char* fetched : {"src=\"http", "href=\"http", "url(http", "@import", "KATION_"}) CHECK_FALSE(holds_text(page, fetched));
    CHECK(holds_text(page, "Permission is hereby granted"));  // the licences of what is inside
}

TEST_CASE("what is no result, or cannot be written, is refused and touches nothing") {
    if (!page_is_there()) return;
    const Workplace place;
    write_small_result(place / "x.h5");
    write_truncated(place / "x.h5", place / "short.h5");
    place.write("text.h5", "no HDF5");
    place.write("folder/notes.txt", "");
    place.write("scan/trials.csv", "trial,coupling.G,recruited\n0,1,2\n");
    place.write("scan/manifest.json", "{\"keys\": [\"coupling.H\"]}");
    place.write("x.html", "an earlier report");
    const auto before = place.contents();
    check_refused(place.kation({"report", "absent.h5"}), 3, "absent.h5: there is no such file");
    check_refused(place.kation({"report", "text.h5"}), 3, "text.h5: is no HDF5 file");
    check_refused(place.kation({"report", "short.h5"}), 3, "short.h5");
    check_refused(place.kation({"report", "folder"}), 3, "trials.csv");
    check_refused(place.kation({"report", "scan"}), 3, "coupling.H");
    check_refused(place.kation({"report", "x.h5", "-o", "x.png"}), 2, "x.png: a report ends in .html");
    check_refused(place.kation({"report", "x.h5", "-o", "nowhere/x.html"}), 5, "nowhere");
    CHECK(place.contents() == before);
}

TEST_CASE("a run that was stopped has a report as well, which says so") {
    if (!page_is_there()) return;
    const Workplace place;
    const Outcome run = place.run({"integrator.duration=20", "model.parameters.K_bath=5.5"});
    REQUIRE(run.code == 0);
    std::filesystem::rename(place / "result.h5", place / "result.h5.partial");
    {
        const H5::H5File file((place / "result.h5.partial").string(), H5F_ACC_RDWR);
        H5::Group root = file.openGroup("/");
        root.removeAttr("status");
        write_attribute(root, "status", std::string_view("interrupted after 10 of 20 ms"));
    }
    REQUIRE(place.kation({"report", "result.h5.partial", "-o", "p.html"}).code == 0);
    CHECK(holds_text(read_file(place / "p.html"), "The run is not complete: interrupted after 10 of 20 ms."));
}

TEST_CASE("a program without its page says how to get one") {
    const Workplace place;
    write_small_result(place / "x.h5");
    std::filesystem::create_directories(place / "bin");
    std::filesystem::copy_file(KATION_PROGRAM, place / "bin/kation");
    const std::string command = "cd '" + (place / "").string() + "' && bin/kation report x.h5 2> said; echo $? > code";
    REQUIRE(std::system(command.c_str()) == 0);
    CHECK(read_file(place / "code") == "5\n");
    CHECK(holds_text(read_file(place / "said"), "cmake/packages report"));
    CHECK(holds_text(read_file(place / "said"), "kation plot"));
    CHECK_FALSE(std::filesystem::exists(place / "x.html"));
}
