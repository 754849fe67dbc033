# gnuplot -c examples/papers/di_Volo_2018/fig2.gp
# after kation scan .../fig2.toml -o fig2 and kation scan .../fig2_second.toml -o fig2_second, in the same folder
W = 1400; H = 560
load system("dirname ".ARG0)."/../style.gp"
first = 'fig2/trials.csv'; second = 'fig2_second/trials.csv'
# Means and standard deviations at b 60 pA, rates in Hz.
at_60(file, column) = sprintf("stats '%s' using ($2 == 60 ? column(%d) : NaN) every ::1 nooutput", file, column)
eval at_60(second, 3); nu_e = 1000 * STATS_mean
eval at_60(second, 4); nu_i = 1000 * STATS_mean
eval at_60(second, 5); sd_e = 1000 * sqrt(STATS_mean)
eval at_60(second, 6); sd_i = 1000 * sqrt(STATS_mean)
eval at_60(first, 5); mu_V = STATS_mean
eval at_60(first, 6); sigma_V = STATS_mean
gauss(x, mean, sd) = exp(-0.5 * ((x - mean) / sd)**2) / (sd * sqrt(2 * pi))

set output 'fig2.png'
set multiplot
eval panel(80, 680, 110, 490)
eval heading(80, 34, 'Spontaneous activity')
eval aside(80, 62, 'adex · Table 1, Q_e 1.5 nS, drive 2.5 Hz, a 4 nS')
eval strong(80, 98, 'A')
eval both_axes('b (pA)', 'rate (Hz)')
set xrange [0:100] noextend; set yrange [0:16] noextend; set xtics 20; set ytics 4
set label 'inhibitory' at 8, 13 tc rgb vermilion
set label 'excitatory' at 8, 3.9 tc rgb green
plot first using 2:(1000 * $3) every ::1 with lines lw 2.2 lc rgb green, \
     first using 2:(1000 * $4) every ::1 with lines lw 2.2 lc rgb vermilion, \
     second using 2:(1000 * $3) every ::1 with lines lw 1.4 dt (5,4) lc rgb green, \
     second using 2:(1000 * $4) every ::1 with lines lw 1.4 dt (5,4) lc rgb vermilion
eval panel(430, 670, 125, 230)
eval bottom_axis('')
eval written(670, 120, 'distribution of rates (Hz) at b 60 pA', "right font ',10' tc rgb '#737373'")
set xrange [0:14] noextend; set yrange [0:1.15] noextend; set xtics 4; set samples 800
plot gauss(x, nu_e, sd_e) with filledcurves y1=0 lc rgb green fs transparent solid 0.35 noborder, \
     gauss(x, nu_i, sd_i) with filledcurves y1=0 lc rgb vermilion fs transparent solid 0.35 noborder

eval panel(780, 1370, 110, 490)
eval strong(780, 98, 'B')
eval written(1370, 62, 'solid: first order; dashed: second order, T 5 ms', "right tc rgb '#737373'")
eval both_axes('b (pA)', 'μ_V (mV)')
set xrange [0:100] noextend; set yrange [-60:-52] noextend; set xtics 20; set ytics 2
plot first using 2:5 every ::1 with lines lw 2.2 lc rgb blue
eval panel(1120, 1360, 125, 230)
eval bottom_axis('')
eval written(1360, 120, 'distribution of potentials (mV) at b 60 pA', "right font ',10' tc rgb '#737373'")
set xrange [-75:-40] noextend; set yrange [0:0.115] noextend; set xtics 10
plot gauss(x, mu_V, sigma_V) with filledcurves y1=0 lc rgb blue fs transparent solid 0.35 noborder
unset multiplot
