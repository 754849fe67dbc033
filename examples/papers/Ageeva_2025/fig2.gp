# gnuplot -c examples/papers/Ageeva_2025/fig2.gp
# after the three scans of fig2.toml and ageeva_2025_steady > steady.csv, in the same folder
W = 1400; H = 900
load system("dirname ".ARG0)."/../style.gp"
set output 'fig2.png'
set multiplot
array q[4] = ['0.01', '0.03', '0.06', '0.4']
array low[4] = [0.008, 0.028, 0.056, 0.24]
array high[4] = [0.028, 0.046, 0.068, 0.38]
array form[3] = ['one cumulant', 'two cumulants', 'chain']
array scan[3] = ['fig2_oa', 'fig2', 'fig2_chain']
array colour[3] = [blue, vermilion, ink]
array kind[3] = [6, 12, 4]
array words[3] = ['Ott and Antonsen', 'two cumulants', 'whole chain']
do for [k = 1:4] {
    l = 100 + ((k - 1) % 2) * 680; t = 110 + ((k - 1) / 2) * 400
    eval panel(l, l + 580, t, t + 300)
    if (k == 1) {
        eval heading(100, 34, 'Rate of the asynchronous state')
        eval aside(100, 62, 'shot_noise_qif, shot_noise_qif_chain · lines: steady states, dotted where unstable; symbols: where runs end')
    }
    if (k == 2) { do for [i = 1:3] { eval written(1360, 130 + 24 * (3 - i), words[i], sprintf("right tc rgb '%s'", colour[i])) } }
    eval strong(l, t - 14, substr('abcd', k, k))
    eval aside(l + 18, t - 14, 'i0/g0² = '.q[k])
    eval both_axes('in-degree K', 'ν/g0')
    set logscale x; set xrange [18:1100] noextend; set xtics (20, 50, 100, 200, 500, 1000); set yrange [low[k]:high[k]] noextend
    # The name of a population in trials.csv: first its means, then least and largest values.
    settled(mean, least, largest) = largest - least < 1e-3 * mean ? mean : NaN
    K_of(text) = real(text[strstrt(text, 'K = ') + 4:])
    plot for [i = 1:3] 'steady.csv' using (strcol(1) eq form[i] && strcol(2) eq q[k] ? $3 : NaN):($5 < 0 ? $4 : NaN) every ::1 \
             with lines lw 1.8 lc rgb colour[i], \
         for [i = 1:3] 'steady.csv' using (strcol(1) eq form[i] && strcol(2) eq q[k] ? $3 : NaN):4 every ::1 \
             with lines lw 1.4 dt (3,4) lc rgb colour[i], \
         for [i = 1:3] scan[i].'/trials.csv' using (K_of(strcol(2))):(settled(column(2 + k), column(6 + k), column(10 + k))) every ::1 \
             with points pt kind[i] ps 1.1 lw 1.3 lc rgb colour[i]
}
unset multiplot
