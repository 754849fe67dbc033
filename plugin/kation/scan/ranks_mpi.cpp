// The library that is loaded under mpirun. It needs nothing of Kation's but the declaration of what it is.
#include <kation/scan/ranks.hpp>

#include <boost/dll/alias.hpp>
#include <boost/mpi/collectives/all_reduce.hpp>
#include <boost/mpi/communicator.hpp>
#include <boost/mpi/environment.hpp>
#include <boost/mpi/operations.hpp>

namespace {

namespace mpi = boost::mpi;

class MpiRanks final : public kation::Ranks {
  public:
    int rank() const override { return world_.rank(); }
    int size() const override { return world_.size(); }
    bool threads_may_talk() const override { return mpi::environment::thread_level() >= mpi::threading::multiple; }

    void send(int to, int topic, const std::string& text) override { world_.send(to, topic, text.data(), static_cast<int>(text.size())); }
    std::string receive(int from, int topic) override { return read(world_.probe(from, topic)); }
    std::optional<Letter> poll() override {
        const auto status = world_.iprobe(mpi::any_source, mpi::any_tag);
        if (!status) return std::nullopt;
        return Letter{status->source(), status->tag(), read(*status)};
    }
    bool has_come(int from, int topic) override { return world_.iprobe(from, topic).has_value(); }
    int first_unwell(bool well) override { return mpi::all_reduce(world_, well ? size() : rank(), mpi::minimum<int>()); }

  private:
    /// The letter that was announced; of one topic, only one thread reads.
    std::string read(const mpi::status& announced) {
        std::string text(static_cast<std::size_t>(announced.count<char>().value_or(0)), ' ');
        world_.recv(announced.source(), announced.tag(), text.data(), static_cast<int>(text.size()));
        return text;
    }

    mpi::environment environment_{mpi::threading::multiple, false};  // an exception on its way out is no reason to abort: it is told first
    mpi::communicator world_;
};

}  // namespace

extern "C" BOOST_SYMBOL_EXPORT kation::Ranks* kation_open_ranks() { return new MpiRanks; }
