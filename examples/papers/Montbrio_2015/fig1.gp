# gnuplot -c examples/papers/Montbrio_2015/fig1.gp
# after kation scan .../fig1.toml -o fig1, montbrio_2015_diagrams fixed_points > fixed_points.csv and saddle_nodes > saddle_nodes.csv
W = 1400; H = 560
load system("dirname ".ARG0)."/../style.gp"
set output 'fig1.png'
set multiplot
states = 'fixed_points.csv'; folds = 'saddle_nodes.csv'; ends = 'fig1/trials.csv'
# Only the stated kind of rest state; NaN breaks the line.
of(kind, value) = strcol(5) eq kind ? value : NaN
stable(value) = strcol(5) eq 'saddle' ? NaN : value

eval panel(80, 460, 120, 490)
eval heading(80, 34, 'Rest states')
eval aside(80, 62, 'montbrio_pazo_roxin · Δ 1')
eval strong(80, 108, 'a')
eval written(460, 108, 'bistable; dotted: to the right of it a focus', "right tc rgb '#737373'")
eval both_axes('η', 'J')
set xrange [-15:5] noextend; set yrange [0:25] noextend; set samples 500; set ytics 5
focus(J) = -(J / (2 * pi))**2 - (pi / J)**2
set parametric; set trange [1.5:25]
plot folds using (column(1) == 0 ? $4 : NaN):5 every ::1 with filledcurves closed lc rgb cyan, \
     folds using (column(1) == 0 ? $4 : NaN):5 every ::1 with lines lw 1.6 lc rgb blue, \
     focus(t), t with lines lw 1.2 dt (6,4) lc rgb grey, \
     '+' using (-5):(15) every ::0::0 with points pt 9 ps 1.6 lc rgb ink
unset parametric

array column_of[2] = [3, 5]
array curve_of[2] = [1, 2]
array name[2] = ['r (1/ms)', 'v']
do for [k = 1:2] {
    l = 560 + (k - 1) * 440
    eval panel(l, l + 370, 120, 490)
    eval strong(l, 108, k == 1 ? 'b' : 'c')
    if (k == 2) {
        eval written(1370, 62, 'b, c: J 15; lines: rest states, dotted where unstable; circles: where runs end', "right tc rgb '#737373'")
    }
    eval both_axes('η', name[k])
    set xrange [-10:0] noextend
    if (k == 1) { set yrange [0:1.8] noextend; set ytics 0.5 } else { set yrange [-3.2:0.2] noextend; set ytics 1 }
    plot states using (stable($3)):(column(curve_of[k])) every ::1 with lines lw 1.8 lc rgb vermilion, \
         states using (of('saddle', $3)):(column(curve_of[k])) every ::1 with lines lw 1.4 dt (5,4) lc rgb vermilion, \
         ends using 2:(column(column_of[k])) every ::1 with points pt 6 ps 0.9 lw 1.1 lc rgb ink, \
         ends using 2:(column(column_of[k] + 1)) every ::1 with points pt 6 ps 0.9 lw 1.1 lc rgb ink
}
unset multiplot
