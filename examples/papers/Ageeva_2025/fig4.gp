# gnuplot -c examples/papers/Ageeva_2025/fig4.gp      after the three runs of fig4.toml, in the same folder
W = 1400; H = 700
load system("dirname ".ARG0)."/../style.gp"
set output 'fig4.png'
set multiplot
array q[3] = ['0.2', '0.4', '0.8']
array high[3] = [1.3, 3, 4]; array step[3] = [0.5, 1, 1]
array form[3] = ['fig4_oa', 'fig4_chain', 'fig4']
array colour[3] = [blue, ink, vermilion]
array width[3] = [1.0, 1.8, 1.0]
array words[3] = ['Ott and Antonsen', 'whole chain', 'two cumulants']
array place[3] = [1110, 1230, 1360]
do for [w = 2:3] {
    do for [k = 1:3] {
        l = w == 2 ? 90 : 770; t = 114 + (k - 1) * 190
        eval panel(l, l + 590, t, t + 134)
        if (k == 1 && w == 2) {
            eval heading(90, 34, 'Rate under a modulated current')
            eval aside(90, 62, 'shot_noise_qif, shot_noise_qif_chain · K 60 · η = 0.4 cos wτ, from evenly spread phases')
            do for [i = 1:3] { eval written(place[i], 62, words[i], sprintf("right tc rgb '%s'", colour[i])) }
        }
        eval strong(l, t - 12, sprintf('i0/g0² = %s, w = %d', q[k], w))
        if (w == 2 && k == 3) { eval written(l + 590, t - 12, 'after the dots 64 moments are too few', "right tc rgb '#737373'") }
        eval both_axes(k == 3 ? 'τ' : '', 'ν/g0')
        # Away from the resonance a smaller range is enough.
        set xrange [0:20] noextend; set xtics 5; set yrange [0:(w == 2 ? high[k] : 0.35 + 0.22 * k)] noextend; dy = w == 2 ? step[k] : 0.2; set ytics dy
        if (w == 2 && k == 3) {
            set arrow from 10, 0 to 10, 4 nohead dt 3 lw 1.6 lc rgb grey
        }
        plot for [i = 1:3] form[i].'_subsample_nu.csv' using 1:(column(w == 2 ? k + 1 : k + 4)) every ::1 \
             with lines lw width[i] lc rgb colour[i]
    }
}
unset multiplot
