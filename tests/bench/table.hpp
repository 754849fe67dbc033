#pragma once

/// What `kation bench` shows: what Kation's parts take, beside what is promised and beside plain code and BLAS, measured in turns. About
/// two minutes.
void print_table();

/// The same of 20000 regions as a whole, where there are 11 GB for it.
void print_largest();
