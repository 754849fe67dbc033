# gnuplot -c examples/papers/Rabuffo_2026/fig3b.gp      after kation run .../fig3b.toml, in the same folder
W = 1300; H = 1120
load system("dirname ".ARG0)."/../style.gp"
set output 'fig3b.png'
set multiplot
array bath[8] = ['5.5', '7.5', '10', '12.5', '15.5', '17.5', '20', '25']
array regime[8] = ['rest', 'bursts', 'tonic spiking', 'bursts', 'seizure-like events', 'sustained ictal activity', 'depolarisation block', 'depolarisation block']
array shown[8] = [10, 10, 1, 5, 5, 0.5, 10, 10]
do for [k = 1:8] {
    l = 80 + ((k - 1) % 2) * 640; right = l + 540; t = 100 + ((k - 1) / 2) * 250
    eval panel(l, right, t + 20, t + 110)
    if (k == 1) { eval heading(80, 34, 'One population in eight baths of potassium'); eval aside(80, 62, 'ion_exchange · preset fig3 · the end of a run of 60 s') }
    eval strong(l, t + 8, 'K_bath '.bath[k].' mM')
    eval written(right, t + 8, regime[k], "right tc rgb '#737373'")
    eval left_axis('V (mV)')
    set xrange [60 - shown[k]:60] noextend; set yrange [-95:45]; set ytics 50
    plot 'fig3b_subsample_V.csv' using ($1 / 1000):(column(k + 1)) every ::1 with lines lw 0.6 lc rgb blue
    eval panel(l, right, t + 125, t + 185)
    eval both_axes(k > 6 ? 'time (s)' : '', 'K_ext (mM)')
    set xrange [60 - shown[k]:60] noextend; set xtics shown[k] / 5.0
    set yrange [0:28]; set ytics 10
    plot 'fig3b_subsample_K_ext.csv' using ($1 / 1000):(column(k + 1)) every ::1 with lines lw 1.6 lc rgb green
}
unset multiplot
