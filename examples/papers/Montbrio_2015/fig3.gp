# gnuplot -c examples/papers/Montbrio_2015/fig3.gp
# after kation run .../fig3.toml, montbrio_2015_diagrams chaos > chaos.csv and saddle_nodes > saddle_nodes.csv
W = 1400; H = 860
load system("dirname ".ARG0)."/../style.gp"
set output 'fig3.png'
set multiplot
map = 'chaos.csv'; folds = 'saddle_nodes.csv'
eval panel(80, 640, 100, 510)
eval heading(80, 34, 'Chaos under a fast sine of current, I = 3 sin(πt)')
eval aside(80, 62, 'montbrio_pazo_roxin · Δ 1')
eval strong(80, 90, 'a')
eval written(640, 90, 'black: chaos from all four starts; blue: from some, periodic from others', "right tc rgb '#737373'")
eval both_axes('η', 'J')
set xrange [-4.2:-1.8] noextend; set yrange [8.5:21] noextend
plot map using ($3 == 4 ? $1 : NaN):2:(0.0137):(0.069) every ::1 with boxxyerror fs solid noborder lc rgb ink, \
     map using ($3 > 0 && $3 < 4 ? $1 : NaN):2:(0.0137):(0.069) every ::1 with boxxyerror fs solid noborder lc rgb '#36B0C0', \
     folds using (column(1) == 0 ? $4 : NaN):5 every ::1 with lines lw 1.4 dt (2,3) lc rgb grey, \
     '+' using (-2.5):(10.5) every ::0::0 with points pt 9 ps 1.6 lc rgb '#F0C000'

eval panel(760, 1360, 100, 510)
eval strong(760, 90, 'b')
eval written(1360, 90, 'η −2.5, J 10.5 (triangle)', "right tc rgb '#737373'")
eval both_axes('r (1/ms)', 'v')
set xrange [0:2] noextend; set yrange [-2.5:2] noextend
plot "< paste -d, fig3_raw_r.csv fig3_raw_v.csv" using ($1 > 100 && $1 < 150 ? $3 : NaN):7 every ::1 with lines lw 0.6 lc rgb vermilion

eval panel(80, 1360, 600, 790)
eval strong(80, 590, 'd')
eval written(1360, 590, 'grey: the same start but for 0.0001 in r', "right tc rgb '#737373'")
eval both_axes('time (ms)', 'r (1/ms)')
set xrange [0:60] noextend; set yrange [0:2] noextend; set ytics 1
plot 'fig3_raw_r.csv' using 1:2 every ::1 with lines lw 1.1 lc rgb pale, \
     'fig3_raw_r.csv' using 1:3 every ::1 with lines lw 1.1 lc rgb vermilion
unset multiplot
