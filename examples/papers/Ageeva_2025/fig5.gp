# gnuplot -c examples/papers/Ageeva_2025/fig5.gp      after the three scans and the two runs of fig5.toml, in the same folder
W = 1400; H = 560
load system("dirname ".ARG0)."/../style.gp"
set output 'fig5.png'
set multiplot
array q[2] = ['0.2', '0.4']
array scan[3] = ['fig5_oa', 'fig5', 'fig5_chain']
array colour[3] = [blue, vermilion, ink]
array kind[3] = [6, 12, 4]
array words[3] = ['Ott and Antonsen', 'two cumulants', 'whole chain']
K_of(text) = real(text[strstrt(text, 'K = ') + 4:])
do for [k = 1:2] {
    l = 80 + (k - 1) * 400
    eval panel(l, l + 330, 120, 480)
    if (k == 1) {
        eval heading(80, 34, 'Oscillations by themselves')
        eval aside(80, 62, 'shot_noise_qif, shot_noise_qif_chain · a, b: least and largest rate of a run; c: K 1000')
        do for [i = 1:3] { eval written(100, 136 + 24 * (3 - i), words[i], sprintf("tc rgb '%s'", colour[i])) }
    }
    eval strong(l, 106, substr('ab', k, k))
    eval aside(l + 18, 106, 'i0/g0² = '.q[k])
    eval both_axes('in-degree K', 'ν/g0')
    set xrange [50:1050] noextend; set xtics 200; set yrange [0:2.7] noextend; set ytics 0.5
    plot for [i = 1:3] scan[i].'/trials.csv' using (K_of(strcol(2))):(column(2 + k)) every ::1 with linespoints pt kind[i] ps 0.9 lw 1.2 lc rgb colour[i], \
         for [i = 1:3] scan[i].'/trials.csv' using (K_of(strcol(2))):(column(4 + k)) every ::1 with linespoints pt kind[i] ps 0.9 lw 1.2 lc rgb colour[i]
}
array file[2] = ['fig5', 'fig5_chain']
do for [k = 1:2] {
    eval panel(880, 1360, k == 1 ? 120 : 340, k == 1 ? 260 : 480)
    if (k == 1) { eval strong(880, 106, 'c') }
    eval aside(k == 1 ? 898 : 880, k == 1 ? 106 : 326, 'i0/g0² = '.q[k])
    eval both_axes(k == 2 ? 'τ' : '', 'ν/g0')
    set xrange [0:20] noextend; set xtics 5; set yrange [0:2.7] noextend; set ytics 1
    plot for [i = 1:2] file[i].'_subsample_nu.csv' using ($1 - 480):(column(k + 1)) every ::1 with lines lw 1.4 lc rgb colour[i + 1]
}
unset multiplot
