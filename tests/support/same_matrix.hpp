#pragma once

#include <armadillo>

/// True if two matrices have the same size and the same bits.
inline bool same_matrix(const arma::mat& a, const arma::mat& b) {
    return a.n_rows == b.n_rows && a.n_cols == b.n_cols && (a.empty() || arma::all(arma::vectorise(a == b)));
}
