#include <sys/mount.h>
#include <support/program.hpp>
#include <support/skip.hpp>

#include <fmt/format.h>

#include <fstream>
#include <random>

namespace {

/// Two trials for each G; of 20 ms, the one with a step of 0.03 ms fails.
std::string campaign_of(int strengths) {
    return small_run + fmt::format(R"(
[scan]
keys = {{ "coupling.G" = {{ from = 0, to = 1, steps = {} }}, "integrator.dt" = {{ values = [0.02, 0.03] }} }}
measures = ["recruited", "first_onset", "events[*]", "V.mean", "V.variance[D]"]
)",
                                   strengths);
}

Arguments scan_of(const std::string& folder, const Arguments& further = {}) {
    Arguments arguments{"scan", "run.toml", "-o", folder, "--quiet"};
    arguments.insert(arguments.end(), further.begin(), further.end());
    return arguments;
}

/// `mpirun` with so many ranks; nothing where this build has none. A sanitizer would count what MPI leaves behind at its end.
Arguments ranks(int count) {
#ifdef KATION_MPIRUN
    return {"env", "ASAN_OPTIONS=detect_leaks=0", KATION_MPIRUN, "--allow-run-as-root", "--oversubscribe", "--bind-to", "none",
            "-n",  std::to_string(count)};
#else
    static_cast<void>(count);
    return {};
#endif
}

/// Whole lines of all journals below a folder but their first ones.
std::ptrdiff_t trials_noted(const std::filesystem::path& folder) {
    std::ptrdiff_t lines = 0;
    std::error_code problem;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "journal", problem))
        lines += std::max<std::ptrdiff_t>(0, lines_of(read_file(entry.path())) - 1);
    return lines;
}

std::vector<pid_t> children_of(pid_t process) {
    std::ifstream list(fmt::format("/proc/{0}/task/{0}/children", process));
    return {std::istream_iterator<pid_t>(list), {}};
}

}  // namespace

TEST_CASE("the table is the same, byte for byte, over threads, shards and ranks") {
    const Workplace place(campaign_of(12));
    REQUIRE(place.kation(scan_of("threads", {"--threads", "2"})).code == 0);
    const std::string table = read_file(place / "threads/trials.csv");
    CHECK(lines_of(table) == 25);
    CHECK(holds_text(table, ",failed,"));
    for (const char* shard : {"3/3", "1/3", "2/3"}) {
        CHECK_FALSE(std::filesystem::exists(place / "shards/trials.csv"));
        REQUIRE(place.kation(scan_of("shards", {"--shard", shard})).code == 0);
    }
    const Outcome merged = place.kation({"merge", "shards"});
    CHECK(merged.code == 0);
    CHECK(holds_text(merged.out, "shards/trials.csv: 24 of 24 trials done, 12 of them without a result"));
    CHECK(read_file(place / "shards/trials.csv") == table);
    CHECK_FALSE(std::filesystem::exists(place / "shards/journal"));
    if (ranks(2).empty()) return note_skipped("the ranks: this build has no MPI");
    for (const int count : {2, 3})
        for (const char* threads : {"1", "2"}) {
            const std::string folder = fmt::format("ranks_{}_{}", count, threads);
            const Outcome outcome = RunningProgram(place / "", scan_of(folder, {"--threads", threads}), ranks(count)).wait();
            CAPTURE(outcome.err);
            CHECK(outcome.code == 0);
            CHECK(read_file(place / (folder + "/trials.csv")) == table);
        }
}

TEST_CASE("what goes wrong under mpirun is said once, with the exit code of a single process") {
    if (ranks(2).empty()) return note_skipped("this build has no MPI");
    const Workplace place(campaign_of(4));
    const auto outcome_of = [&](const Arguments& arguments) { return RunningProgram(place / "", arguments, ranks(2)).wait(); };
    const auto count = [](const std::string& text, const std::string& part) {
        std::size_t found = 0;
        for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
        return found;
    };
    const Outcome wrong = outcome_of(scan_of("out", {"--set", "coupling.Gg=1"}));
    CHECK(wrong.code == 2);
    CHECK(count(wrong.err, "coupling.Gg is not a known key here") == 1);
    place.write("file", "");
    const Outcome unwritable = outcome_of(scan_of("file"));
    CHECK(unwritable.code == 5);
    CHECK(count(unwritable.err, "cannot write file/trials.csv") == 1);
    place.write("other.toml", campaign_of(4) + "same_noise = true\nwindow = [0, 10]\n");
    Arguments other_rank_0 = ranks(1);
    other_rank_0.insert(other_rank_0.end(), {KATION_PROGRAM, "scan", "other.toml", "-o", "mixed", ":", "-n", "1"});
    const Outcome mixed = RunningProgram(place / "", scan_of("mixed"), other_rank_0).wait();
    CHECK(mixed.code == 2);
    CHECK(count(mixed.err,
                "the ranks do not read the same campaign: between rank 0 and another, scan.same_noise was true and is not set now") == 1);
    const Outcome plan = outcome_of({"scan", "run.toml", "--dry-run"});
    CHECK(plan.code == 0);
    CHECK(count(plan.out, "8 trials over") == 1);
    const Outcome done = outcome_of({"scan", "run.toml", "-o", "out"});
    CHECK(done.code == 0);
    CHECK(count(done.out, "out/trials.csv: 8 of 8 trials done") == 1);
    const Outcome again = outcome_of({"scan", "run.toml", "-o", "out"});
    CHECK(again.code == 0);
    CHECK(count(again.out, "out/trials.csv: all 8 trials were done already") == 1);
}

namespace {

/// A campaign, or a shard of it, that is killed a while after its first trial.
struct Killed {
    std::ptrdiff_t noted;  ///< trials that were done then
    std::string journal;   ///< as it was left
};

Killed kill_in_the_middle(const Workplace& place, const std::string& folder, const std::string& journal, const Arguments& arguments,
                          const Arguments& launcher, std::mt19937_64& random) {
    const std::ptrdiff_t before = trials_noted(place / folder);
    RunningProgram program(place / "", arguments, launcher);
    comes_true([&] { return trials_noted(place / folder) > before || std::filesystem::exists(place / folder / "trials.csv"); });
    std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution<>(0, 300'000)(random)));
    // Of ranks, one: mpirun ends the others.
    const auto children = launcher.empty() ? std::vector<pid_t>{} : children_of(program.process());
    if (children.empty())
        program.send(SIGKILL);
    else
        kill(children[random() % children.size()], SIGKILL);
    program.wait();
    return {trials_noted(place / folder) - before, read_file(place / folder / "journal" / journal)};
}

}  // namespace

TEST_CASE("[long] a campaign that is killed twenty times at random moments, over threads, shards and ranks, ends with the same table") {
    const Workplace place(campaign_of(60));
    const auto arguments_of = [&](const std::string& folder, const Arguments& further) {
        Arguments arguments = scan_of(folder, {"--set", "integrator.duration=900", "--resume"});
        arguments.insert(arguments.end(), further.begin(), further.end());
        return arguments;
    };
    REQUIRE(place.kation(arguments_of("undisturbed", {})).code == 0);
    const std::string table = read_file(place / "undisturbed/trials.csv");
    REQUIRE(lines_of(table) == 121);

    std::mt19937_64 random(5);
    int in_the_middle = 0;
    for (int round = 0; round < 20; ++round) {
        const std::string folder = fmt::format("round_{}", round);
        const Arguments launcher = round % 3 == 2 ? ranks(2 + round % 2) : Arguments{};
        const int shards = round % 3 == 1 ? 2 : 1;
        for (int shard = 1; shard <= shards; ++shard) {
            CAPTURE(round);
            CAPTURE(shard);
            const Arguments arguments =
                arguments_of(folder, {"--threads", round % 2 == 0 ? "2" : "1", "--shard", fmt::format("{}/{}", shard, shards)});
            const std::string journal = fmt::format("{}-of-{}.journal", shard, shards);
            const Killed killed = kill_in_the_middle(place, folder, journal, arguments, launcher, random);
            in_the_middle += killed.noted > 0 && killed.noted < 120 / shards ? 1 : 0;
            const Outcome resumed = RunningProgram(place / "", arguments, launcher).wait();
            CAPTURE(resumed.err);
            CHECK(resumed.code == 0);
            if (shards == 1) continue;
            // What was noted was not run again.
            const std::string after = read_file(place / folder / ("journal/" + journal));
            CHECK(after.starts_with(killed.journal.substr(0, killed.journal.rfind('\n') + 1)));
            CHECK(lines_of(after) == 61);
        }
        if (shards > 1) CHECK(place.kation({"merge", folder, "--quiet"}).code == 0);
        CHECK(read_file(place / (folder + "/trials.csv")) == table);
    }
    CHECK(in_the_middle >= 10);  // else the kills came too early or too late to mean anything
}

TEST_CASE("kill -9 loses the trials in flight only, and --resume goes on with the rest") {
    const Workplace place(campaign_of(4));
    const std::string endless = "scan.keys={ \"integrator.duration\" = { values = [1, 2, 3, 1e8] } }";
    {
        RunningProgram program(place / "", scan_of("killed", {"--set", endless, "--threads", "2"}));
        REQUIRE(comes_true([&] { return trials_noted(place / "killed") == 3; }));
        program.send(SIGKILL);
        CHECK(program.wait().code == 128 + SIGKILL);
    }
    CHECK(trials_noted(place / "killed") == 3);
    CHECK_FALSE(std::filesystem::exists(place / "killed/trials.csv"));
    check_refused(place.kation(scan_of("killed", {"--set", endless})), 2,
                  "killed holds 3 of 4 trials of this campaign: --resume goes on with the rest");
    check_refused(place.kation({"merge", "killed"}), 3, "1 of 4 trials are missing in killed: shard 1/1 lacks 1 (trials 3)");
    CHECK(lines_of(read_file(place / "killed/trials.csv.partial")) == 4);
    const std::string before = read_file(place / "killed/journal/1-of-1.journal");
    RunningProgram program(place / "", scan_of("killed", {"--set", endless, "--resume"}));
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    program.send(SIGINT);
    const Outcome outcome = program.wait();
    CHECK(outcome.code == 130);
    CHECK(holds_text(outcome.err, "interrupted after 3 of 4 trials; --resume goes on with the rest"));
    CHECK(read_file(place / "killed/journal/1-of-1.journal") == before);
}

TEST_CASE("--resume refuses a campaign that changed, and says which key") {
    const Workplace place(campaign_of(4));
    place.write("brain.csv", "0,1,0\n0,0,1\n0.5,0,0\n");
    place.write("brain.toml", R"([connectome]
file = "brain.csv"
speed = "inf"
[model]
name = "montbrio_pazo_roxin"
[integrator]
duration = 10
dt = 0.1
[scan]
keys = { "coupling.G" = { values = [0, 1] } }
)");
    const auto brain = [](const Arguments& further) {
        Arguments arguments{"scan", "brain.toml", "-o", "brain", "--quiet", "--shard", "1/2"};
        arguments.insert(arguments.end(), further.begin(), further.end());
        return arguments;
    };
    REQUIRE(place.kation(scan_of("out", {"--shard", "1/2"})).code == 0);
    REQUIRE(place.kation(brain({})).code == 0);
    const auto before = place.contents();
    const auto refused = [&](const Arguments& further, const std::string& says) {
        Arguments arguments{"--resume", "--shard", "2/2"};
        arguments.insert(arguments.end(), further.begin(), further.end());
        check_refused(place.kation(scan_of("out", arguments)), 2, "cannot go on with the campaign in out: " + says);
        CHECK(place.contents() == before);
    };
    refused({"--set", "coupling.kind=difference"}, "coupling.kind was 'linear' and is 'difference' now");
    refused({"--set", "regions.D.K_bath=15"}, "regions.D.K_bath was 15.5 and is 15 now");
    refused({"--set", "integrator.seed=7"}, "integrator.seed was 42 and is 7 now");
    refused({"--set", "scan.window=[0, 5]"}, "scan.window[0] was not set and is 0 now (and 1 other key changed)");
    refused({"--set", "scan.keys.\"coupling.G\".steps=5"}, "scan.keys.\"coupling.G\".steps was 4 and is 5 now");
    refused({"--set", "recruitment.min_events=2"}, "recruitment.min_events was 1 and is 2 now");
#ifdef KATION_EXAMPLE_PLUGIN
    refused({"--plugin", KATION_EXAMPLE_PLUGIN},
            "--plugin " + std::filesystem::path(KATION_EXAMPLE_PLUGIN).filename().string() + " was not set and is a file of ");
#endif
    // Where results go, and what only repeats a default, changes no trial.
    CHECK(place.kation(scan_of("out", {"--resume", "--shard", "2/2", "--set", "output.file=\"other.h5\"", "--set", "coupling.kind=linear"}))
              .code == 0);
    CHECK(place.kation({"merge", "out", "--quiet"}).code == 0);

    place.write("brain.csv", "0,1,0\n0,0,1\n0.7,0,0\n");
    check_refused(place.kation(brain({"--resume"})), 2,
                  "cannot go on with the campaign in brain: connectome.file was a file of 20 bytes (checksum ");
    check_refused(place.kation(brain({})), 2, "brain holds 1 of 2 trials of an unfinished campaign, in which connectome.file was a file");
    place.write("brain.csv", "0,1,0\n0,0,1\n0.5,0,0\n");
    CHECK(place.kation({"scan", "brain.toml", "-o", "brain", "--resume", "--quiet"}).code == 0);  // cut in another way than it was begun
    CHECK(lines_of(read_file(place / "brain/trials.csv")) == 3);
}

TEST_CASE("a finished campaign is not run again, and another one in its folder leaves the earlier table") {
    const Workplace place(campaign_of(2));
    REQUIRE(place.kation(scan_of("out", {"--resume"})).code == 0);  // nothing is there to go on with: it begins
    const auto before = place.contents();
    for (const Arguments& further : {Arguments{}, {"--resume"}, {"--shard", "2/3"}}) {
        Arguments arguments{"scan", "run.toml", "-o", "out"};
        arguments.insert(arguments.end(), further.begin(), further.end());
        const Outcome again = place.kation(arguments);
        CHECK(again.code == 0);
        CHECK(again.out == "out/trials.csv: all 4 trials were done already\n");
        CHECK(place.contents() == before);
    }
    check_refused(place.kation(scan_of("out", {"--resume", "--set", "coupling.kind=difference"})), 2, "coupling.kind was 'linear'");
    const Outcome other = place.kation(scan_of("out", {"--set", "coupling.kind=difference"}));
    CHECK(other.code == 0);
    CHECK(holds_text(other.err, "the results that were there before are in out/earlier-1"));
    CHECK(read_file(place / "out/earlier-1/trials.csv") == before.at((place / "out/trials.csv").string()));
    CHECK(read_file(place / "out/earlier-1/manifest.json") == before.at((place / "out/manifest.json").string()));
    CHECK(read_file(place / "out/trials.csv") != before.at((place / "out/trials.csv").string()));
}

TEST_CASE("merge names the shards that are missing, and a shard that was run twice counts once") {
    const Workplace place(campaign_of(5));
    REQUIRE(place.kation(scan_of("whole")).code == 0);
    check_refused(place.kation({"merge", "nowhere"}), 3, "there is no folder nowhere");
    std::filesystem::create_directory(place / "empty");
    check_refused(place.kation({"merge", "empty"}), 3, "empty holds no trials of a campaign");

    REQUIRE(place.kation(scan_of("out", {"--shard", "1/3"})).code == 0);
    REQUIRE(place.kation(scan_of("out", {"--shard", "3/3"})).code == 0);
    check_refused(place.kation({"merge", "out"}), 3, "3 of 10 trials are missing in out: shard 2/3 (3 trials) was not run");
    const std::string journal = read_file(place / "out/journal/1-of-3.journal");
    CHECK(place.kation(scan_of("out", {"--shard", "1/3"})).code == 0);  // has nothing left to do
    CHECK(read_file(place / "out/journal/1-of-3.journal") == journal);
    // Two machines each ran a part of what the other did as well, cut in other ways; their journals come together.
    REQUIRE(place.kation(scan_of("elsewhere", {"--shard", "1/2"})).code == 0);
    std::filesystem::copy(place / "elsewhere/journal/1-of-2.journal", place / "out/journal");
    check_refused(place.kation({"merge", "out"}), 3, "2 of 10 trials are missing in out: trials 1, 7");
    REQUIRE(place.kation(scan_of("out", {"--shard", "2/3", "--resume"})).code == 0);
    CHECK(place.kation({"merge", "out", "--quiet"}).code == 0);
    CHECK(read_file(place / "out/trials.csv") == read_file(place / "whole/trials.csv"));
    CHECK(place.kation({"merge", "out"}).out == "out/trials.csv: all 10 trials are in the table already\n");
    check_refused(place.kation(scan_of("out", {"--shard", "4/3"})), 2, "--shard '4/3' is no part I/N of a campaign");
}

TEST_CASE("two processes do not work on the same shard of a folder; on different ones they do") {
    const Workplace place(campaign_of(2));
    const auto scan_part = [&](const std::string& part) {
        return scan_of("out", {"--set", "scan.keys={\"integrator.duration\"={values=[1, 1, 1, 1e8]}}", "--shard", part});
    };
    RunningProgram last(place / "", scan_part("4/4"));
    REQUIRE(comes_true([&] { return std::filesystem::exists(place / "out/journal/4-of-4.journal"); }));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    check_refused(place.kation(scan_part("4/4")), 5,
                  "cannot write out/journal/4-of-4.journal: another process is at work on shard 4/4 of this campaign");
    for (const char* part : {"1/4", "2/4", "3/4"}) CHECK(place.kation(scan_part(part)).code == 0);
    check_refused(place.kation({"merge", "out"}), 3, "shard 4/4 is still at work on 1 (trials 3)");
    last.send(SIGKILL);
    last.wait();
    check_refused(place.kation({"merge", "out"}), 3, "shard 4/4 lacks 1 (trials 3)");
    CHECK(lines_of(read_file(place / "out/trials.csv.partial")) == 4);
}

TEST_CASE("a disk that fills, or is read-only, ends a campaign with a clear word; with room it goes on to the same table") {
    const Workplace place(campaign_of(1));
    const auto scan = [&](const std::string& folder, const Arguments& further) {
        Arguments arguments =
            scan_of(folder, {"--set", "integrator.duration=0.3", "--set", "scan.keys={\"coupling.G\"={from=0, to=1, steps=600}}"});
        arguments.insert(arguments.end(), further.begin(), further.end());
        return place.kation(arguments);
    };
    REQUIRE(scan("whole", {}).code == 0);
    std::filesystem::create_directory(place / "disk");
    const std::string disk = (place / "disk").string();
    if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=64k") != 0) return note_skipped("needs the right to mount a small disk");
    const auto remount = [&](const char* size, unsigned long flags) {
        REQUIRE(mount("tmpfs", disk.c_str(), "tmpfs", MS_REMOUNT | flags, size) == 0);
    };
    const Outcome full = scan("disk/out", {});
    const std::string journal = read_file(place / "disk/out/journal/1-of-1.journal");
    const Outcome still_full = scan("disk/out", {"--resume"});
    const std::string journal_later = read_file(place / "disk/out/journal/1-of-1.journal");
    remount("size=64k", MS_RDONLY);
    const Outcome read_only = scan("disk/out", {"--resume"});
    remount("size=4m", 0);
    const Outcome resumed = scan("disk/out", {"--resume"});
    const std::string table = read_file(place / "disk/out/trials.csv");
    umount(disk.c_str());

    check_refused(full, 5, "cannot write disk/out/journal/1-of-1.journal: No space left on device; the trials that are done are kept");
    CHECK(lines_of(journal) > 100);
    CHECK(journal.back() == '\n');  // no half line
    check_refused(still_full, 5, "No space left on device");
    CHECK(journal_later.starts_with(journal));
    check_refused(read_only, 5, "cannot write disk/out/trials.csv");
    CAPTURE(resumed.err);
    CHECK(resumed.code == 0);
    CHECK(table == read_file(place / "whole/trials.csv"));
}

TEST_CASE("Ctrl-C ends ranks as it ends one process: what is done stays, and --resume goes on") {
    if (ranks(2).empty()) return note_skipped("this build has no MPI");
    const Workplace place(campaign_of(300));
    const Arguments arguments = scan_of("out", {"--set", "integrator.duration=300", "--resume"});
    RunningProgram program(place / "", arguments, ranks(2));
    REQUIRE(comes_true([&] { return trials_noted(place / "out") > 5; }));
    program.send(SIGINT);
    const Outcome stopped = program.wait();
    CHECK(stopped.code != 0);
    CHECK(trials_noted(place / "out") > 5);
    CHECK_FALSE(std::filesystem::exists(place / "out/trials.csv"));
    const Outcome resumed = RunningProgram(place / "", arguments, ranks(3)).wait();
    CAPTURE(resumed.err);
    CHECK(resumed.code == 0);
    CHECK(lines_of(read_file(place / "out/trials.csv")) == 601);
}

TEST_CASE("coupling scan: the script for SLURM runs its shards, and merge makes the table of a single process") {
    const Workplace place;
    const std::string example = KATION_SOURCE_DIR "/examples/coupling_scan/";
    const Arguments quick{"--set", "integrator.duration=20"};
    REQUIRE(place.kation({"scan", example + "scan.toml", "-o", "single", "--quiet", quick[0], quick[1]}).code == 0);
    for (const char* shard : {"1", "3", "2"}) {
        const Arguments script{"env",
                               std::string("SLURM_ARRAY_TASK_ID=") + shard,
                               "SLURM_CPUS_PER_TASK=2",
                               "sh",
                               "-c",
                               "KATION=$1; export KATION; shift; exec sh '" + example + "slurm.sh' \"$@\"",
                               "sh"};
        const Outcome job = RunningProgram(place / "", {example + "scan.toml", "array", "3", quick[0], quick[1]}, script).wait();
        CAPTURE(job.err);
        CHECK(job.code == 0);
    }
    CHECK(place.kation({"merge", "array", "--quiet"}).code == 0);
    CHECK(read_file(place / "array/trials.csv") == read_file(place / "single/trials.csv"));
}
