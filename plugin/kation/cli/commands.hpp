#pragma once

#include <CLI/CLI.hpp>

/// One file per command. Each adds its subcommand to the program; what goes wrong is thrown as kation::Error and becomes the exit code.
void add_bench(CLI::App& program);
void add_run(CLI::App& program);
void add_scan(CLI::App& program);
void add_merge(CLI::App& program);
void add_models(CLI::App& program);
void add_connectome(CLI::App& program);
void add_plot(CLI::App& program);
void add_threshold(CLI::App& program);
void add_report(CLI::App& program);
