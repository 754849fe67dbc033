# gnuplot -c examples/papers/di_Volo_2018/fig3.gp
# after the three runs of .../fig3.toml and kation scan .../fig3_frequency.toml -o fig3_frequency, in the same folder
W = 1400; H = 960
load system("dirname ".ARG0)."/../style.gp"
set output 'fig3.png'
set multiplot
array name[3] = ['rise and decay', 'drive switched off', 'sine of 5 Hz']
array letter[3] = ['A1', 'A2', 'A3']
array top[3] = [6, 60, 6]
drive(k, t) = k == 1 ? 2.5 + 2 * (t < 0 ? 0 : t < 1000 ? 1 - exp(-t / 20) : exp(-(t - 1000) / 20)) \
            : k == 2 ? (t >= 0 && t < 500 ? 0 : 2.5) : 2.5 + (t < 0 ? 0 : sin(2 * pi * t / 200))
shown(file, column) = sprintf("'%s' using ($1 - 1000):(1000 * column(%d)) every ::1", file, column)
do for [k = 1:3] {
    l = 80 + (k - 1) * 450; right = l + 380
    eval panel(l, right, 110, 380)
    if (k == 1) {
        eval heading(80, 34, 'Responses to stimuli')
        eval aside(80, 62, 'adex · preset fig3: drive 2.5 Hz, a 0, b 60 pA, T 20 ms · green: adaptation follows within 500 ms; blue: stationary adaptation; grey: ± standard deviation, second order')
    }
    eval strong(l, 100, letter[k])
    eval written(right, 100, name[k], "right tc rgb '#737373'")
    eval left_axis(k == 1 ? 'ν_e (Hz)' : '')
    set xrange [-300:1700] noextend; set yrange [0:top[k]] noextend; set ytics k == 2 ? 20 : 2
    if (k == 2) {
        plot 'fig3_stationary_subsample_nu_e.csv' using ($1 - 1000):(1000 * column(k + 1)) every ::1 with lines lw 1.4 dt (6,4) lc rgb blue, \
             'fig3_subsample_nu_e.csv' using ($1 - 1000):(1000 * column(k + 1)) every ::1 with lines lw 2 lc rgb green
    } else {
        plot '< paste -d, fig3_second_subsample_nu_e.csv fig3_second_subsample_c_ee.csv' using ($1 - 1000): \
                 (1000 * (column(k + 1) - sqrt(column(k + 5)))):(1000 * (column(k + 1) + sqrt(column(k + 5)))) every ::1 \
                 with filledcurves lc rgb shade, \
             'fig3_stationary_subsample_nu_e.csv' using ($1 - 1000):(1000 * column(k + 1)) every ::1 with lines lw 1.4 dt (6,4) lc rgb blue, \
             'fig3_subsample_nu_e.csv' using ($1 - 1000):(1000 * column(k + 1)) every ::1 with lines lw 2 lc rgb green
    }
    eval panel(l, right, 400, 480)
    eval both_axes('time (ms)', k == 1 ? 'drive (Hz)' : '')
    set xrange [-300:1700] noextend; set yrange [0:5]; set ytics 2.5; set xtics 500; set samples 2001
    plot drive(k, x) with lines lw 1.4 lc rgb ink
}
eval panel(80, 1360, 600, 890)
eval strong(80, 590, 'B')
eval written(1360, 590, 'sine of 1 Hz; thick: T 20 ms, thin: T 5 ms', "right tc rgb '#737373'")
eval both_axes('frequency (Hz)', 'largest less smallest ν_e (Hz)')
set logscale x; set xrange [0.1:200] noextend; set yrange [0:3.2] noextend; set ytics 1
file = 'fig3_frequency/trials.csv'
of(kind, value) = strcol(2) eq kind ? 1000 * value : NaN
plot '< grep true '.file using (1000 * $3):(1000 * ($5 - $4)) with lines lw 2 dt (6,4) lc rgb blue, \
     '< grep true '.file using (1000 * $3):(1000 * ($7 - $6)) with lines lw 1 dt (6,4) lc rgb blue, \
     '< grep false '.file using (1000 * $3):(1000 * ($5 - $4)) with linespoints pt 7 ps 0.7 lw 2 lc rgb green, \
     '< grep false '.file using (1000 * $3):(1000 * ($7 - $6)) with lines lw 1 lc rgb green
unset multiplot
