# gnuplot -c examples/papers/Montbrio_2015/fig9.gp      after montbrio_2015_diagrams saddle_nodes > saddle_nodes.csv
W = 1400; H = 700
load system("dirname ".ARG0)."/../style.gp"
set output 'fig9.png'
set multiplot
folds = 'saddle_nodes.csv'
eval panel(80, 1200, 90, 630)
eval heading(80, 34, 'Bistability with heterogeneous weights')
eval aside(80, 62, 'montbrio_pazo_roxin · Δ 1 · between two branches that meet in a cusp there are two stable states')
eval both_axes('η', 'J')
set xrange [-15:0] noextend; set yrange [5:30] noextend
array shade_of[5] = ['#1B1A5C', '#2B3F9E', '#2068B2', '#36B0C0', '#63C3B3']
do for [g = 0:4] {
    set label g + 100 sprintf("Γ %d", g) at screen 0.875, 0.80 - 0.05 * g tc rgb shade_of[g + 1]
}
plot for [g = 0:4] folds using (column(1) == g ? $4 : NaN):5 every ::1 with lines lw 1.8 lc rgb shade_of[g + 1]
unset multiplot
