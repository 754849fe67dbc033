#pragma once

/// What `kation bench` shows first, in about a minute: the machine, and what Kation's parts take, beside what is promised and beside plain
/// code and BLAS, measured in turns. @param large  also 20000 regions as a whole, which takes 16 GB
void print_table(bool large);
