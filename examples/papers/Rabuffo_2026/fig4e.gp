# gnuplot -c examples/papers/Rabuffo_2026/fig4e.gp      after kation run .../fig4e.toml, in the same folder
W = 1400; H = 560
load system("dirname ".ARG0)."/../style.gp"
set output 'fig4e.png'
set multiplot
eval panel(80, 1360, 90, 300)
eval heading(80, 34, 'Single events in the up state')
eval aside(80, 62, 'ion_exchange · preset fig4e · K_bath 15.5 mM')
eval left_axis('V (mV)')
set xrange [50:60] noextend; set yrange [-95:45]; set ytics 50
plot 'fig4e_subsample_V.csv' using ($1 / 1000):2 every ::1 with lines lw 0.8 lc rgb blue
eval panel(80, 1360, 330, 490)
eval both_axes('time (s)', 'K_ext (mM)')
set xrange [50:60] noextend; set xtics 1; set yrange [12:18]; set ytics 2
plot 'fig4e_subsample_K_ext.csv' using ($1 / 1000):2 every ::1 with lines lw 1.6 lc rgb green
unset multiplot
