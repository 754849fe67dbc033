# gnuplot -c examples/papers/Gast_2022/fig1.gp
# after kation run .../fig1.toml, kation scan .../fig1_ends.toml -o fig1_ends, gast_2022_diagrams fixed_points 10 > kappa_10.csv and
# fixed_points 100 > kappa_100.csv
W = 1400; H = 1060
load system("dirname ".ARG0)."/../style.gp"
array end[2] = [2.4, 20]
array turn[2] = [1, 10]
current(k, t) = 20 + 50 * (t < turn[k] ? t : t < 2 * turn[k] ? 2 * turn[k] - t : 0) / turn[k]
# Where u is least on the way up and on the way down [s].
array up[2]
array down[2]
do for [k = 1:2] {
    stats 'fig1_subsample_u.csv' using ($1 < 1000 * turn[k] && $1 > 0 ? $1 / 1000 : NaN):(column(k + 1)) every ::1 name 'T' nooutput
    up[k] = T_pos_min_y
    stats 'fig1_subsample_u.csv' using ($1 > 1000 * turn[k] && $1 < 1000 * end[k] ? $1 / 1000 : NaN):(column(k + 1)) every ::1 name 'T' nooutput
    down[k] = T_pos_min_y
}

set output 'fig1.png'
set multiplot
purple = '#7B4B94'
ends = 'fig1_ends/trials.csv'
array curve[2] = ['kappa_10.csv', 'kappa_100.csv']
array name[2] = ['κ 10 pA: bistable between folds', 'κ 100 pA: cycles between Hopf points']
array folds[2] = [23.621307, 49.980697]
array other[2] = [40.670626, 61.141274]
do for [k = 1:2] {
    l = 80 + (k - 1) * 690; right = l + 600
    eval panel(l, right, 120, 420)
    if (k == 1) {
        eval heading(80, 34, 'Weak and strong adaptation')
        eval aside(80, 62, 'izhikevich · Table I, Δ_v 1 mV · lines: fixed points, dotted where unstable; green: least and largest s of cycles; circles: where runs end')
    }
    eval strong(l, 108, k == 1 ? 'B' : 'C')
    eval written(right, 108, name[k], "right tc rgb '#737373'")
    eval both_axes('I (pA)', 's')
    set xrange [15:70] noextend; set yrange [0:3] noextend; set ytics 1; set xtics 10
    set arrow 1 from folds[k], graph 0 to folds[k], graph 1 nohead lw 0.8 lc rgb thread back
    set arrow 2 from other[k], graph 0 to other[k], graph 1 nohead lw 0.8 lc rgb thread back
    if (k == 1) {
        plot curve[1] using 1:($6 == 1 ? $5 : NaN) every ::1 with lines lw 2 lc rgb purple, \
             curve[1] using 1:($6 == 0 ? $5 : NaN) every ::1 with lines lw 1.6 dt (2,3) lc rgb grey, \
             ends using 2:3 every ::1 with points pt 6 ps 0.8 lw 1.1 lc rgb ink, \
             ends using 2:4 every ::1 with points pt 6 ps 0.8 lw 1.1 lc rgb ink
    } else {
        plot curve[2] using 1:($6 == 1 ? $5 : NaN) every ::1 with lines lw 2 lc rgb purple, \
             curve[2] using 1:($6 == 0 ? $5 : NaN) every ::1 with lines lw 1.6 dt (2,3) lc rgb grey, \
             ends using 2:($6 - $5 > 0.01 ? $5 : NaN) every ::1 with linespoints pt 6 ps 0.8 lw 1.6 lc rgb green, \
             ends using 2:($6 - $5 > 0.01 ? $6 : NaN) every ::1 with linespoints pt 6 ps 0.8 lw 1.6 lc rgb green, \
             ends using 2:($6 - $5 > 0.01 ? NaN : $5) every ::1 with points pt 6 ps 0.8 lw 1.1 lc rgb ink
    }
    unset arrow
}

array lowest_u[2] = [-20, -20]
array highest_u[2] = [5, 45]
troughs(k) = sprintf("set samples 2401; set arrow from %f, graph 0 to %f, graph 1 nohead dt (5,4) lw 1 lc rgb '#B8B8B8' back; ".\
    "set arrow from %f, graph 0 to %f, graph 1 nohead dt (5,4) lw 1 lc rgb '#B8B8B8' back", up[k], up[k], down[k], down[k])
at_trough(k, t, right) = sprintf("set label '%.1f pA' at %f, %f %s offset %d,%f font ',10' tc rgb '#262626'", current(k, t), t, current(k, t), \
    right ? 'left' : 'right', right ? 1 : -1, 0.8)
do for [k = 1:2] {
    l = 80 + (k - 1) * 690; right = l + 600
    eval panel(l, right, 520, 680)
    eval strong(l, 504, k == 1 ? 'D' : 'E')
    eval written(right, 504, 'κ '.(k == 1 ? '10' : '100').' pA under a ramp', "right tc rgb '#737373'")
    eval left_axis('s')
    eval troughs(k)
    set xrange [0:end[k]] noextend; set yrange [0:3]; set ytics 1
    plot 'fig1_subsample_s.csv' using ($1 / 1000):(column(k + 1)) every ::1 with lines lw 1.6 lc rgb green
    eval panel(l, right, 700, 860)
    eval left_axis('u (pA)')
    eval troughs(k)
    set xrange [0:end[k]] noextend; set yrange [lowest_u[k]:highest_u[k]]; set ytics k == 1 ? 10 : 25
    plot 'fig1_subsample_u.csv' using ($1 / 1000):(column(k + 1)) every ::1 with lines lw 1.6 lc rgb green
    eval panel(l, right, 880, 990)
    eval both_axes('time (s)', 'I (pA)')
    eval troughs(k)
    eval at_trough(k, up[k], 0)
    eval at_trough(k, down[k], 1)
    set xrange [0:end[k]] noextend; set yrange [10:80]; set ytics 20, 20
    plot current(k, x) with lines lw 1.6 lc rgb ink
}
unset multiplot
