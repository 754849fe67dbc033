# gnuplot -c examples/papers/di_Volo_2018/fig4.gp      after the three runs of .../fig4.toml, in the same folder
W = 1400; H = 560
load system("dirname ".ARG0)."/../style.gp"
set output 'fig4.png'
set multiplot
deep = '#1F6F5C'; light = '#3FA9BF'
array name[2] = ['drive 7 Hz: much conductance', 'drive 1.5 Hz: little conductance']
array letter[2] = ['A', 'B']
array base[2] = [3.367778, 1.357449]
array drive[2] = [7, 1.5]
array colour[2] = [light, deep]
do for [k = 1:2] {
    l = 80 + (k - 1) * 450; right = l + 380
    eval panel(l, right, 120, 380)
    if (k == 1) {
        eval heading(80, 34, 'The same sine in two states')
        eval aside(80, 62, 'adex · a 0, b 60 pA, Q_e 1.5 nS, T 5 ms · solid: adaptation follows within 500 ms; dashed: stationary adaptation; grey: ± standard deviation, second order')
    }
    eval strong(l, 108, letter[k])
    eval written(right, 108, name[k], "right tc rgb '#737373'")
    eval left_axis(k == 1 ? 'ν_e (Hz)' : '')
    set xrange [-100:500] noextend; set yrange [0:6] noextend; set ytics 2
    plot '< paste -d, fig4_second_subsample_nu_e.csv fig4_second_subsample_c_ee.csv' using ($1 - 2000): \
             (1000 * (column(k + 1) - sqrt(column(k + 4)))):(1000 * (column(k + 1) + sqrt(column(k + 4)))) every ::1 \
             with filledcurves lc rgb shade, \
         'fig4_stationary_subsample_nu_e.csv' using ($1 - 2000):(1000 * column(k + 1)) every ::1 with lines lw 1.6 dt (6,4) lc rgb colour[k], \
         'fig4_subsample_nu_e.csv' using ($1 - 2000):(1000 * column(k + 1)) every ::1 with lines lw 2.2 lc rgb colour[k]
    eval panel(l, right, 405, 490)
    eval both_axes('time (ms)', k == 1 ? 'drive (Hz)' : '')
    set xrange [-100:500] noextend; set yrange [0:10]; set ytics 5; set xtics 100; set samples 1201
    plot (t = drive[k] + (x >= 0 && x < 200 ? 2 * sin(2 * pi * x / 200) : 0), t > 0 ? t : 0) with lines lw 1.4 lc rgb ink
}
eval panel(980, 1360, 120, 490)
eval strong(980, 108, 'C')
eval written(1360, 108, 'change over the rate at rest', "right tc rgb '#737373'")
eval both_axes('time (ms)', '')
set xrange [-100:500] noextend; set yrange [-1.2:2.2] noextend; set ytics 1; set xtics 100
plot for [k = 1:2] 'fig4_stationary_subsample_nu_e.csv' using ($1 - 2000):(1000 * column(k + 1) / base[k] - 1) every ::1 \
         with lines lw 1.6 dt (6,4) lc rgb colour[k], \
     for [k = 1:2] 'fig4_subsample_nu_e.csv' using ($1 - 2000):(1000 * column(k + 1) / base[k] - 1) every ::1 with lines lw 2.2 lc rgb colour[k]
unset multiplot
