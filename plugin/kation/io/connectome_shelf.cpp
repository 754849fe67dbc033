#include <kation/io/connectome_shelf.hpp>

namespace kation {

Connectivity ConnectomeShelf::get(const std::string& name, const std::function<Connectivity()>& read) {
    const std::scoped_lock lock(mutex_);
    if (const auto found = kept_.find(name); found != kept_.end()) return found->second;
    Connectivity brain = read();
    if (kept_.size() >= most) kept_.clear();
    kept_.emplace(name, brain);
    return brain;
}

}  // namespace kation
