#include <kation/scan/schedule.hpp>
#include <kation/scan/store.hpp>
#include <kation/support/error.hpp>
#include <support/files.hpp>
#include <support/refused.hpp>

#include <fmt/format.h>

#include <set>

using namespace kation;

namespace {

CampaignIdentity campaign_of(std::size_t trials, const std::string& G = "0.5") {
    CampaignIdentity identity;
    identity.trials = trials;
    identity.seed = 42;
    identity.keys = {"coupling.G"};
    identity.columns = {"trial", "coupling.G"};
    identity.measures = {"recruited"};
    identity.configuration = "[coupling]\nG = " + G + "\n";
    identity.settings = {{"coupling.G", G}, {"model.name", "'ion_exchange'"}};
    return identity;
}

TrialRow row_of(std::size_t trial) { return {trial, fmt::format("{},0.5,{}", trial, 10 * trial), "0", "ok", ""}; }

/// Notes trials as one process does.
void note(const std::filesystem::path& folder, Shard shard, const CampaignIdentity& identity, const std::vector<TrialRow>& rows) {
    Store store(folder, shard, identity, true);
    for (const TrialRow& row : rows) store.add(row);
}

std::filesystem::path journal(const TemporaryFolder& folder) { return folder / "journal/1-of-1.journal"; }

std::vector<std::size_t> trials_in(const std::filesystem::path& folder) {
    const Records records(folder);
    std::vector<std::size_t> trials;
    for (std::size_t trial = 0; trial < records.identity().trials; ++trial)
        if (records.has(trial)) trials.push_back(trial);
    return trials;
}

}  // namespace

TEST_CASE("a row of a journal holds any text, and a line in which one byte is wrong is none") {
    const std::vector<TrialRow> rows{
        row_of(7),
        {0, "", "", "", ""},
        {123456789, "a\tb,\"c\nd\"", "nan,\\n", "failed", "tab \t, newline \n, backslash \\, \\t and an end\\"}};
    for (const TrialRow& row : rows) {
        std::string line = line_of(row);
        CHECK(line.back() == '\n');
        line.pop_back();
        CHECK(line.find('\n') == std::string::npos);
        CHECK(row_from(line) == row);
        for (std::size_t k = 0; k < line.size(); ++k) {
            std::string wrong = line;
            wrong[k] = static_cast<char>(wrong[k] ^ 4);
            CHECK_FALSE(row_from(wrong).has_value());
            CHECK_FALSE(row_from(line.substr(0, k)).has_value());
        }
    }
}

TEST_CASE("a journal that is cut anywhere keeps the trials before the cut, and goes on behind them") {
    const TemporaryFolder whole;
    note(whole.path(), {}, campaign_of(4), {row_of(0), row_of(1), row_of(2)});
    const std::string bytes = read_file(journal(whole));
    std::set<std::size_t> kept;
    for (std::size_t length = 0; length <= bytes.size(); ++length) {
        CAPTURE(length);
        const TemporaryFolder cut;
        write_file(journal(cut), bytes.substr(0, length));
        const auto before = trials_in(cut.path());
        kept.insert(before.size());
        std::vector<TrialRow> rest;
        for (std::size_t trial = before.size(); trial < 3; ++trial) rest.push_back(row_of(trial));
        note(cut.path(), {}, campaign_of(4), rest);
        CHECK(read_file(journal(cut)) == bytes);
    }
    CHECK(kept == std::set<std::size_t>{0, 1, 2, 3});
}

TEST_CASE("a damaged line costs its own trial and no other") {
    const TemporaryFolder folder;
    note(folder.path(), {}, campaign_of(4), {row_of(0), row_of(1), row_of(2)});
    std::string bytes = read_file(journal(folder));
    bytes[bytes.find("1,0.5,10")] = '3';
    write_file(journal(folder), bytes);
    CHECK(trials_in(folder.path()) == std::vector<std::size_t>{0, 2});
    CHECK(Records(folder.path()).missing({}, 10) == std::vector<std::size_t>{1, 3});
    note(folder.path(), {}, campaign_of(4), {row_of(1)});
    CHECK(trials_in(folder.path()) == std::vector<std::size_t>{0, 1, 2});

    bytes[3] = bytes[3] == '0' ? '1' : '0';  // the first line: nobody knows any more what the trials belong to
    write_file(journal(folder), bytes);
    CHECK_REFUSED(InputError, "its first line is damaged", Records(folder.path()));
}

TEST_CASE("a trial that shards have twice counts once if they agree, and is named if they do not") {
    const TemporaryFolder folder;
    note(folder.path(), {1, 2}, campaign_of(3), {row_of(0), row_of(2)});
    note(folder.path(), {2, 2}, campaign_of(3), {row_of(1), row_of(2)});
    CHECK(Records(folder.path()).done() == 3);
    TrialRow other = row_of(2);
    other.cells = "2,0.5,21";
    {
        Journal third(folder.path(), {1, 3});
        third.begin(0, campaign_of(3));
        third.append(line_of(other));
    }
    CHECK_REFUSED(InputError, "trial 2 was run twice with different results", Records(folder.path()));
}

TEST_CASE("journals of two campaigns in a folder are refused with the key that differs") {
    const TemporaryFolder folder;
    note(folder.path(), {1, 2}, campaign_of(3), {row_of(0)});
    {
        Journal second(folder.path(), {2, 2});
        second.begin(0, campaign_of(3, "0.75"));
        second.append(line_of(row_of(1)));
    }
    CHECK_REFUSED(InputError, "coupling.G was 0.5 and is 0.75 now", Records(folder.path()));
}

TEST_CASE("a journal belongs to one process at a time, and an empty one leaves nothing behind") {
    const TemporaryFolder folder;
    {
        const Journal first(folder.path(), {1, 2});
        CHECK(in_use(folder / "journal/1-of-2.journal"));
        CHECK_REFUSED(OutputError, "another process is at work on shard 1/2", Journal(folder.path(), {1, 2}));
        const Journal neighbour(folder.path(), {2, 2});
    }
    CHECK(folder.names().empty());
}

TEST_CASE("shards are counted from 1, and share the trials of a campaign without a rest") {
    CHECK(Shard::from("2/8") == Shard{2, 8});
    CHECK(Shard::from("1/1").everything());
    for (const char* text : {"", "2", "0/3", "4/3", "1/0", "a/3", "1/3/5", "-1/3", "1.5/3", " 1/3"})
        CHECK_REFUSED(ConfigurationError, "is no part I/N of a campaign", Shard::from(text));
    for (std::size_t trial = 0; trial < 100; ++trial) {
        std::size_t owners = 0;
        for (std::size_t number = 1; number <= 7; ++number) owners += Shard{number, 7}.has(trial) ? 1 : 0;
        CHECK(owners == 1);
    }
}

TEST_CASE("a schedule gives every trial that is left once, a few at a time and the last ones singly") {
    std::vector<bool> done(1000, false);
    for (std::size_t trial = 0; trial < done.size(); trial += 5) done[trial] = true;
    Schedule schedule({2, 3}, done, 4, false);
    std::vector<std::size_t> given, sizes;
    for (auto batch = schedule.next(); !batch.empty(); batch = schedule.next()) {
        given.insert(given.end(), batch.begin(), batch.end());
        sizes.push_back(batch.size());
    }
    std::vector<std::size_t> left;
    for (std::size_t trial = 1; trial < done.size(); trial += 3)
        if (!done[trial]) left.push_back(trial);
    CHECK(given == left);
    CHECK(schedule.trials() == left.size());
    CHECK(sizes.front() == Schedule::most_at_once);
    for (std::size_t k = sizes.size() - 20; k < sizes.size(); ++k) CHECK(sizes[k] == 1);

    // Those that run side by side are given out in whole groups for as long as there is one for each.
    Schedule together({1, 1}, std::vector<bool>(51, false), 2, true);
    for (const std::size_t count : {8UL, 8UL, 8UL, 8UL, 8UL, 5UL, 3UL, 1UL, 1UL, 1UL, 0UL}) CHECK(together.next().size() == count);
}

TEST_CASE("series of an earlier campaign's trials are put aside before the next one writes its own, and those of its own stay") {
    const TemporaryFolder folder;
    note(folder.path(), {}, campaign_of(2), {row_of(0), row_of(1)});
    write_file(folder / "trial-1.h5", "first");
    CHECK(write_table(folder.path(), Records(folder.path())).earlier.empty());
    const std::string table = read_file(folder / "trials.csv");
    CHECK(table == "trial,coupling.G,recruited,control.recruited,status,message\n0,0.5,0,0,ok,\n1,0.5,10,0,ok,\n");
    {
        Store store(folder.path(), {}, campaign_of(2, "0.75"), false);
        CHECK(store.earlier() == folder / "earlier-1");
        write_file(folder / "trial-1.h5", "second");
        store.add(row_of(0));
        store.add({1, "1,0.75,3", "", "ok", ""});
    }
    CHECK(write_table(folder.path(), Records(folder.path())).earlier.empty());
    CHECK(read_file(folder / "trial-1.h5") == "second");
    CHECK(read_file(folder / "earlier-1/trial-1.h5") == "first");
    CHECK(read_file(folder / "earlier-1/trials.csv") == table);
    CHECK(read_file(folder / "trials.csv") ==
          "trial,coupling.G,recruited,control.recruited,status,message\n0,0.5,0,0,ok,\n1,0.75,3,nan,ok,\n");
}
