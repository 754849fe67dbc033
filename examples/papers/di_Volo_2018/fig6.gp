# gnuplot -c examples/papers/di_Volo_2018/fig6.gp
# after kation run .../fig6.toml, di_volo_2018_curves response -63 > response_63.csv and response -63 40 > response_63_40.csv
W = 1400; H = 600
load system("dirname ".ARG0)."/../style.gp"
set output 'fig6.png'
set multiplot
eval panel(80, 900, 110, 370)
eval heading(80, 34, 'UP and DOWN states')
eval aside(80, 62, 'adex · preset fig6: E_L of excitatory cells −63 mV, b 60 pA, a 0, drive 0.315 ± 0.525 Hz')
eval strong(80, 98, 'C')
eval written(900, 98, 'inhibitory (red) and excitatory (green) rate', "right tc rgb '#737373'")
eval left_axis('rate (Hz)')
set xrange [0:5] noextend; set yrange [0:40] noextend; set ytics 10
plot 'fig6_subsample_nu_i.csv' using ($1 / 1000):(1000 * $2) every ::1 with lines lw 1.3 lc rgb vermilion, \
     'fig6_subsample_nu_e.csv' using ($1 / 1000):(1000 * $2) every ::1 with lines lw 1.5 lc rgb green
eval panel(80, 900, 400, 530)
eval both_axes('time (s)', 'W (pA)')
set xrange [0:5] noextend; set yrange [0:65] noextend; set ytics 20; set xtics 1
plot 'fig6_subsample_W.csv' using ($1 / 1000):2 every ::1 with lines lw 1.5 lc rgb blue

eval panel(1000, 1370, 110, 530)
eval strong(1000, 98, 'D')
eval written(1370, 98, 'green: rate 20 ms later, from 4.50 to 4.95 s', "right tc rgb '#737373'")
eval both_axes('ν_e (Hz)', 'F (Hz)')
set xrange [0:9] noextend; set yrange [0:9] noextend; set xtics 3; set ytics 3
set label 'W 0' at 8.6, 6.4 right tc rgb ink
set label 'W 40 pA' at 8.8, 4.2 right tc rgb grey
# Green: a step of T, 20 ms, from each sample.
plot x with lines lw 1.2 dt (6,4) lc rgb ink, \
     '< tail -n +12 fig6_subsample_nu_e.csv | paste -d, fig6_subsample_nu_e.csv -' using (1000 * $2):(1000 * $4) every ::2250::2475 \
         with linespoints pt 7 ps 0.4 lw 0.7 lc rgb green, \
     'response_63.csv' using 1:3 every ::1 with lines lw 2.2 lc rgb ink, \
     'response_63_40.csv' using 1:3 every ::1 with lines lw 2.2 lc rgb pale
unset multiplot
