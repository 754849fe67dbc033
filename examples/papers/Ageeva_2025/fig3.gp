# gnuplot -c examples/papers/Ageeva_2025/fig3.gp      after the three scans of fig3.toml, in the same folder
W = 1400; H = 560
load system("dirname ".ARG0)."/../style.gp"
set output 'fig3.png'
set multiplot
array q[3] = ['0.2', '0.4', '0.8']
array scan[3] = ['fig3_oa', 'fig3', 'fig3_chain']
array colour[3] = [blue, vermilion, ink]
array kind[3] = [7, 13, 5]
array words[3] = ['Ott and Antonsen', 'two cumulants', 'whole chain']
K_of(text) = real(text[strstrt(text, 'K = ') + 4:])
do for [k = 1:3] {
    l = 80 + (k - 1) * 450
    eval panel(l, l + 375, 120, 480)
    if (k == 1) {
        eval heading(80, 34, 'Response to a modulated current')
        eval aside(80, 62, 'shot_noise_qif, shot_noise_qif_chain · η = 0.4 cos wτ · least and largest rate; filled: w = 2, open: w = 3')
        do for [i = 1:3] { eval written(100, 136 + 24 * (3 - i), words[i], sprintf("tc rgb '%s'", colour[i])) }
    }
    eval strong(l, 106, substr('abc', k, k))
    eval aside(l + 18, 106, 'i0/g0² = '.q[k])
    eval both_axes('in-degree K', 'ν/g0')
    set logscale x; set xrange [27:1100] noextend; set xtics (30, 100, 300, 1000); set yrange [0:*]; set ytics 0.5
    # Columns of trials.csv: least and largest rate are 5 and 6. At q 0.2 and 0.4 the paper shows w = 2 only.
    of(w, this, value, drive) = abs(this - q[k]) < 1e-6 && (drive > 0.4) == (w == 3) ? value : NaN
    plot for [c = 5:6] for [i = 1:3] scan[i].'/trials.csv' \
             using (K_of(strcol(2))):(of(2, column(3), column(6) < 100 && column(5) > 1e-3 && column(5) < column(6) ? column(c) : NaN, column(4))) every ::1 \
             with points pt kind[i] ps 1 lc rgb colour[i], \
         for [c = 5:6] for [i = 1:(k == 3 ? 3 : 0)] scan[i].'/trials.csv' \
             using (K_of(strcol(2))):(of(3, column(3), column(c), column(4))) every ::1 \
             with points pt kind[i] - 1 ps 1 lw 1.2 lc rgb colour[i]
}
unset multiplot
