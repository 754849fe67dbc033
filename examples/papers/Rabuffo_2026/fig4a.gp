# gnuplot -c examples/papers/Rabuffo_2026/fig4a.gp      after kation run .../fig4a.toml, in the same folder
W = 1400; H = 560
load system("dirname ".ARG0)."/../style.gp"
set output 'fig4a.png'
set multiplot
eval panel(80, 1360, 90, 300)
eval heading(80, 34, 'Bursts on slow waves of potassium')
eval aside(80, 62, 'ion_exchange · preset fig4a · K_bath 15.5 mM')
eval left_axis('V (mV)')
set xrange [0:10] noextend; set yrange [-95:45]; set ytics 50
plot 'fig4a_subsample_V.csv' using ($1 / 60000):2 every ::1 with lines lw 0.4 lc rgb blue
eval panel(80, 1360, 330, 490)
eval both_axes('time (min)', 'K_ext (mM)')
set xrange [0:10] noextend; set xtics 1; set yrange [13:17]; set ytics 1
plot 'fig4a_subsample_K_ext.csv' using ($1 / 60000):2 every ::1 with lines lw 1.6 lc rgb green
unset multiplot
