#pragma once

#include <kation/connectome/connectivity.hpp>
#include <kation/connectome/text_members.hpp>

namespace kation {

/// The Virtual Brain's set of text files: `weights`, and if present `tract_lengths`, `centres` (or `centers`: label x y z),
/// `orientations`, `areas`, `cortical` and `hemispheres` (1 = right). Each is the first member whose name contains the word; others are
/// ignored. Nothing is checked across members: Connectivity does that. InputError that names member and line.
ConnectomeParts read_texts(const TextMembers& members);

}  // namespace kation
